import { ServiceError } from '../service';
import { PAYLOAD_BYTES } from './limits';

export type Input = Readonly<Record<string, unknown>>;

function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** Rejects by name the members of a request that this service does not implement. */
export function understood(operation: string, input: Input, members: readonly string[]): void {
  const unknown = Object.keys(input).find((member) => input[member] !== undefined && !members.includes(member));
  if (unknown !== undefined) {
    throw validation(`The embedded Step Functions does not implement '${unknown}' of ${operation}.`);
  }
}

function constraint(member: string, rule: string): ServiceError {
  return validation(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

export function requiredText(input: Input, member: string, maxLength = Number.POSITIVE_INFINITY): string {
  const value = optionalText(input, member, maxLength);
  if (value === undefined) throw constraint(member, 'not be null');
  return value;
}

export function optionalText(input: Input, member: string, maxLength: number): string | undefined {
  const value = input[member];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw constraint(member, 'be a string');
  if (value.length > maxLength) throw constraint(member, `have length less than or equal to ${maxLength}`);
  return value;
}

/** A JSON text of at most 256 KiB. `code` is the error that anything but JSON is answered with. */
export function jsonText(input: Input, member: string, code: string, prefix: string): string {
  const text = requiredText(input, member);
  if (Buffer.byteLength(text) > PAYLOAD_BYTES) {
    throw constraint(member, `have length less than or equal to ${PAYLOAD_BYTES}`);
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ServiceError(code, `${prefix}: '${(error as Error).message}'`);
  }
  return text;
}

/** 1 to 80 characters that AWS accepts in the name of a state machine or an execution. */
export function resourceName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS refuses control characters by their code.
  if (name.length < 1 || name.length > 80 || /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) {
    throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  }
  return name;
}

export function requiredArn(input: Input, member: string, kind: 'stateMachine' | 'execution'): string {
  const arn = requiredText(input, member, 256);
  const parts = arn.split(':');
  const expectedParts = kind === 'stateMachine' ? 7 : 8;
  if (parts[0] !== 'arn' || parts[2] !== 'states' || parts[5] !== kind || parts.length !== expectedParts) {
    throw new ServiceError(
      'InvalidArn',
      parts[0] === 'arn'
        ? `Invalid Arn: 'Resource type not valid in this context: ${arn}'`
        : `Invalid Arn: 'Invalid ARN prefix: ${arn}'`,
    );
  }
  return arn;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** Up to `maxResults` (0 = the default of 100, at most 1000) of the entries, from where `nextToken` says. */
export function page<T>(entries: readonly T[], input: Input): Page<T> {
  const { maxResults = 0, nextToken } = input;
  if (typeof maxResults !== 'number' || !Number.isInteger(maxResults) || maxResults < 0 || maxResults > 1000) {
    throw constraint('maxResults', 'be an integer from 0 to 1000');
  }
  const start = nextToken === undefined ? 0 : pageStart(nextToken);
  const end = start + (maxResults || 100);
  return {
    items: entries.slice(start, end),
    ...(end < entries.length ? { nextToken: Buffer.from(`page:${end}`).toString('base64') } : undefined),
  };
}

function pageStart(nextToken: unknown): number {
  const [, start] = /^page:(\d+)$/.exec(Buffer.from(String(nextToken), 'base64').toString()) ?? [];
  if (start === undefined) throw new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
  return Number(start);
}
