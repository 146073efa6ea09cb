import { ServiceError } from '../aws-service';

export type Input = Readonly<Record<string, unknown>>;

/** What Step Functions' own API model says of a text: its length, and what it consists of. */
interface TextRule {
  readonly min?: number;
  readonly max: number;
  /** The length is that of the UTF-8 text. @default - the length is counted in characters */
  readonly inBytes?: true;
  readonly pattern?: RegExp;
  /** AWS never repeats such a value in an error. */
  readonly sensitive?: true;
}

const ARN: TextRule = { min: 1, max: 256 };
const PAYLOAD: TextRule = { max: 262_144, inBytes: true, sensitive: true };

/** The texts of the requests that are understood here (API reference of Step Functions, the page of each action). */
const TEXTS = {
  stateMachineArn: ARN,
  executionArn: ARN,
  mapRunArn: { min: 1, max: 2000 },
  resourceArn: ARN,
  roleArn: ARN,
  name: { min: 1, max: 80 },
  definition: { min: 1, max: 1_048_576, inBytes: true, sensitive: true },
  input: PAYLOAD,
  output: PAYLOAD,
  error: { max: 256, sensitive: true },
  cause: { max: 32_768, sensitive: true },
  taskToken: { min: 1, max: 2048 },
  clientToken: { min: 1, max: 64, pattern: /^[!-~]+$/ },
} as const satisfies Readonly<Record<string, TextRule>>;

type TextMember = keyof typeof TEXTS;

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** A member that breaks its constraint, in the words of AWS; a sensitive value is not shown. */
export function broken(member: string, shown: string | undefined, rule: string): ServiceError {
  const value = shown === undefined ? 'Value' : `Value ${shown}`;
  return validation(
    `1 validation error detected: ${value} at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** A member of another JSON type than the API's: AWS cannot even read such a request. */
export function unreadable(member: string, expected: string, value: unknown): ServiceError {
  return new ServiceError(
    'SerializationException',
    `Expected '${member}' to be ${expected}, got ${JSON.stringify(value)}.`,
  );
}

/**
 * Rejects by name the members of a request that this service does not implement.
 *
 * @throws ServiceError `ValidationException` where there is one
 */
export function understood(operation: string, input: Input, members: readonly string[]): void {
  const unknown = Object.keys(input).find(
    (member) => (input[member] ?? undefined) !== undefined && !members.includes(member),
  );
  if (unknown !== undefined) {
    throw validation(`The embedded Step Functions does not implement '${unknown}' of ${operation}.`);
  }
}

/** @throws ServiceError `ValidationException` where it is missing or breaks its rule */
export function requiredText(input: Input, member: TextMember): string {
  const value = optionalText(input, member);
  if (value === undefined) throw broken(member, 'null', 'not be null');
  return value;
}

/** `null` counts as absent, as it does in AWS's JSON. */
export function optionalText(input: Input, member: TextMember): string | undefined {
  return checkedText(input, member, TEXTS[member]);
}

export function checkedText(input: Input, member: string, rule: TextRule): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw unreadable(member, 'a string', value);
  const { min = 0, max, inBytes, pattern, sensitive } = rule;
  const shown = sensitive ? undefined : `'${value}'`;
  const length = inBytes ? Buffer.byteLength(value) : value.length;
  if (length > max) throw broken(member, shown, `have length less than or equal to ${max}`);
  if (length < min) throw broken(member, shown, `have length greater than or equal to ${min}`);
  if (pattern?.test(value) === false) {
    throw broken(member, shown, `satisfy regular expression pattern: ${pattern.source}`);
  }
  return value;
}

/** @throws ServiceError `SerializationException` where it is no boolean */
export function optionalFlag(input: Input, member: string): boolean | undefined {
  const value = input[member] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw unreadable(member, 'true or false', value);
}

/**
 * One of the values of an enumeration, which AWS compares as they are written.
 *
 * @throws ServiceError `ValidationException` where it is another
 */
export function optionalChoice(input: Input, member: string, values: readonly string[]): string | undefined {
  const value = input[member] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw unreadable(member, 'a string', value);
  if (!values.includes(value)) {
    throw broken(member, `'${value}'`, `satisfy enum value set: [${values.join(', ')}]`);
  }
  return value;
}

/**
 * `maxResults`: 0, which stands for the default of 100, to 1000.
 *
 * @throws ServiceError `ValidationException` where it is out of bounds
 */
export function pageLength(input: Input): number {
  const value = input.maxResults ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw unreadable('maxResults', 'an integer', value);
  if (value < 0) throw broken('maxResults', `'${value}'`, 'have value greater than or equal to 0');
  if (value > 1000) throw broken('maxResults', `'${value}'`, 'have value less than or equal to 1000');
  return value === 0 ? 100 : value;
}

export function pageToken(input: Input, max: number): string | undefined {
  return checkedText(input, 'nextToken', { min: 1, max });
}

/**
 * Includes all there is. The embedded Step Functions encrypts nothing, so it does not implement the answer that leaves
 * the encrypted parts out.
 *
 * @throws ServiceError `ValidationException` where anything else is asked for
 */
export function includesAllData(operation: string, input: Input): void {
  if (optionalChoice(input, 'includedData', ['ALL_DATA', 'METADATA_ONLY']) === 'METADATA_ONLY') {
    throw validation(`The embedded Step Functions does not implement 'METADATA_ONLY' of ${operation}.`);
  }
}
