import { ServiceError } from '../aws-service';
import { type Input, pageLength, pageToken, requiredText, validation } from './members';

/**
 * A JSON text of at most 256 KiB.
 *
 * @throws ServiceError `code` where it is not JSON
 */
export function jsonText(input: Input, member: 'input' | 'output', code: string, prefix: string): string {
  const text = requiredText(input, member);
  if (member === 'input' && text === '') throw new ServiceError(code, `${prefix}: 'Invalid execution input.'`);
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ServiceError(code, `${prefix}: '${(error as Error).message}'`);
  }
  return text;
}

/**
 * What no name of a state machine or an execution may hold: white space, brackets, wildcards, special and control
 * characters, U+FFFE and U+FFFF, and surrogates, so nothing beyond U+FFFF either (API reference, StartExecution).
 */
const FORBIDDEN_IN_NAMES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS refuses control characters by their code.
  /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/;

/** @throws ServiceError `InvalidName` where the name holds a forbidden character */
export function resourceName(name: string): string {
  if (FORBIDDEN_IN_NAMES.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}

/** A role's ARN; whether there is such a role is IAM's business. */
export function requiredRole(input: Input): string {
  const arn = requiredText(input, 'roleArn');
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(arn)) invalidArn(`Invalid Role Arn: '${arn}'`);
  return arn;
}

/** The resource type in the ARNs that requests name. */
const RESOURCES = {
  stateMachineArn: 'stateMachine',
  executionArn: 'execution',
  mapRunArn: 'mapRun',
  // Activities have tags, too, but are not implemented here.
  resourceArn: 'stateMachine',
} as const;

export function requiredArn(input: Input, member: keyof typeof RESOURCES): string {
  const arn = requiredText(input, member);
  const parts = arn.split(':');
  const [prefix, , service, , , kind] = parts;
  if (prefix !== 'arn' || service !== 'states' || kind === undefined) {
    return invalidArn(`Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  }
  // A state machine's ARN may name a version or an alias on top; there is none of either here.
  if (kind !== RESOURCES[member]) {
    return invalidArn(`Invalid Arn: 'Resource type not valid in this context: ${kind}'`);
  }
  const lengths = { stateMachineArn: [7, 8], resourceArn: [7], executionArn: [8], mapRunArn: [8] }[member];
  if (!lengths.includes(parts.length)) {
    return invalidArn(`Invalid Arn: 'Invalid resource in ARN: ${arn}'`);
  }
  return arn;
}

function invalidArn(message: string): never {
  throw new ServiceError('InvalidArn', message);
}

/**
 * StartExecution takes no part of a state machine (`name/label` names a distributed Map).
 *
 * @throws ServiceError `ValidationException` where the ARN has a label
 */
export function refuseMapLabel(arn: string): void {
  if (arn.includes('/')) {
    throw validation(`Expected the ARN of a state machine, got that of a Map state: '${arn}'; leave its label out.`);
  }
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** What a page token is good for. */
export interface PageScope {
  readonly operation: keyof typeof TOKEN_LENGTH;
  /** ARN that the list belongs to. @default - the account */
  readonly arn?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** "Each pagination token expires after 24 hours." (API reference) */
const TOKEN_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Longest token that each action takes, in characters. */
const TOKEN_LENGTH = { ListStateMachines: 1024, ListExecutions: 3096, ListMapRuns: 1024, GetExecutionHistory: 1024 };

/**
 * Up to `maxResults` of the entries, from where `nextToken` says.
 *
 * @throws ServiceError where one of the two is refused
 */
export function page<T>(entries: readonly T[], input: Input, scope: PageScope): Page<T> {
  const length = pageLength(input);
  const token = pageToken(input, TOKEN_LENGTH[scope.operation]);
  const start = token === undefined ? 0 : pageStart(token, scope);
  const end = start + length;
  const { operation, arn = '', now } = scope;
  return {
    items: entries.slice(start, end),
    ...(end < entries.length
      ? { nextToken: Buffer.from(JSON.stringify([operation, arn, end, now])).toString('base64') }
      : undefined),
  };
}

/**
 * @throws ServiceError `InvalidToken` where the token is of another list, has expired, or was not written by this
 * service
 */
function pageStart(token: string, { operation, arn = '', now }: PageScope): number {
  try {
    const [ofOperation, ofArn, start, writtenAt] = JSON.parse(Buffer.from(token, 'base64').toString()) as unknown[];
    const fresh = typeof writtenAt === 'number' && now - writtenAt < TOKEN_MILLISECONDS;
    if (ofOperation === operation && ofArn === arn && fresh && typeof start === 'number') return start;
  } catch {
    // Not JSON: not a token.
  }
  throw new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
}
