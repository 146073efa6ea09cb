import { functionNotFound, invalidParameter, resourceNotFound, validationError } from './lambda-errors';
import type { FunctionConfig } from './runtime';

/** What Lambda does with an asynchronous event of a function that fails. */
export interface EventInvokeSettings {
  /** 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** 60 to 21,600. */
  readonly maximumEventAgeSeconds: number;
  /** @default - a failed event is dropped without a trace */
  readonly onFailureFunctionArn?: string;
  /** Where it is sent instead. @default - to `onFailureFunctionArn` */
  readonly onFailureQueueArn?: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** A function and those of its settings that the API can change while it runs. */
export interface DeployedFunction {
  readonly config: FunctionConfig;
  /** @default - a share of what other functions have not reserved */
  reservedConcurrency: number | undefined;
  eventInvoke: EventInvokeSettings;
}

/** Name, full ARN or partial ARN (`123456789012:function:name`), each with an optional version or alias. */
const NAME_FORMATS =
  /^(?:arn:(aws[a-zA-Z-]*):lambda:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

/** The pattern that Lambda's error shows for a malformed name (API reference, Invoke). */
const DOCUMENTED_FORMAT =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?' +
  '([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?';

const QUALIFIER_FORMAT = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';

/** Longest name and qualifier of a request, in characters (API reference, Invoke). */
const [LONGEST_NAME, LONGEST_QUALIFIER] = [256, 128];

export interface Resolution {
  readonly qualifier?: unknown;
  /** Longest name that the action takes, in characters. @default - 256 */
  readonly longestName?: number;
  /** The version that an error names where the request names none. @default - none */
  readonly toldVersion?: '$LATEST';
}

/** The functions of one account and region, found under every name that Lambda accepts. */
export class DeployedFunctions {
  readonly #byName = new Map<string, DeployedFunction>();

  /**
   * @param now milliseconds since the epoch
   * @throws Error where two functions share a name, or an on-failure destination is not among them
   */
  constructor(configs: readonly FunctionConfig[], now: number) {
    for (const config of configs) {
      if (this.#byName.has(config.functionName)) {
        throw new Error(`Expected one function named ${config.functionName}, got two: rename one in the template.`);
      }
      this.#byName.set(config.functionName, {
        config,
        reservedConcurrency: config.reservedConcurrency,
        eventInvoke: {
          maximumRetryAttempts: config.maximumRetryAttempts,
          maximumEventAgeSeconds: config.maximumEventAgeSeconds,
          onFailureFunctionArn: config.onFailureFunctionArn,
          onFailureQueueArn: config.onFailureQueueArn,
          modifiedAt: now,
        },
      });
    }
    for (const { config } of this.#byName.values()) {
      if (config.onFailureFunctionArn !== undefined && !this.find(config.onFailureFunctionArn)) {
        throw new Error(
          `Expected the on-failure destination of ${config.functionName} to be a function of the template, ` +
            `got ${config.onFailureFunctionArn}: add that function or remove the destination.`,
        );
      }
    }
  }

  /** In the order of their names. */
  all(): DeployedFunction[] {
    return [...this.#byName.values()].sort((a, b) => (a.config.functionName < b.config.functionName ? -1 : 1));
  }

  /**
   * The function that a request names. Only `$LATEST` is deployed: another version or alias does not exist.
   *
   * @throws LambdaError `ValidationException` or `InvalidParameterValueException` where the request is malformed
   * @throws LambdaError `ResourceNotFoundException` where there is no such function
   */
  resolve(functionName: unknown, { qualifier, longestName = LONGEST_NAME, toldVersion }: Resolution = {}) {
    const name = textOf('functionName', functionName, longestName, NAME_FORMATS, DOCUMENTED_FORMAT);
    const version = qualifier === undefined ? undefined : qualifierOf(qualifier);
    const [, , region, , , derived] = NAME_FORMATS.exec(name) ?? [];
    if (derived !== undefined && version !== undefined && derived !== version) {
      throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
    }
    const [, , , here] = this.#neighbour();
    if (region !== undefined && here !== undefined && region !== here) {
      throw resourceNotFound(`Functions from '${region}' are not reachable in this region ('${here}')`);
    }
    const found = this.find(name, version);
    if (!found) throw functionNotFound(this.#arnOf(name, version ?? toldVersion));
    return found;
  }

  /** The function of that name, if it is deployed. */
  find(functionName: string, qualifier?: unknown): DeployedFunction | undefined {
    const [, , region, account, name, version = qualifier] = NAME_FORMATS.exec(functionName) ?? [];
    const deployed = this.#byName.get(name ?? '');
    if (!deployed || (version !== undefined && version !== '$LATEST')) {
      return undefined;
    }
    const [, , , ownRegion, ownAccount] = deployed.config.functionArn.split(':');
    const elsewhere =
      (region !== undefined && region !== ownRegion) || (account !== undefined && account !== ownAccount);
    return elsewhere ? undefined : deployed;
  }

  #arnOf(functionName: string, qualifier: unknown): string {
    const [, partition, region, account, name, version = qualifier] = NAME_FORMATS.exec(functionName) ?? [];
    const neighbour = this.#neighbour();
    const arn = [
      'arn',
      partition ?? neighbour[1] ?? 'aws',
      'lambda',
      region ?? neighbour[3] ?? 'us-east-1',
      account ?? neighbour[4] ?? '000000000000',
      'function',
      name,
    ].join(':');
    return version === undefined ? arn : `${arn}:${String(version)}`;
  }

  /** The parts of some function's ARN: all are of one region and account. */
  #neighbour(): readonly string[] {
    return [...this.#byName.values()][0]?.config.functionArn.split(':') ?? [];
  }
}

/** Does the name itself say a version or an alias? */
export function isQualified(functionName: unknown): boolean {
  return typeof functionName === 'string' && NAME_FORMATS.exec(functionName)?.[5] !== undefined;
}

function qualifierOf(qualifier: unknown): string {
  return textOf(
    'qualifier',
    qualifier,
    LONGEST_QUALIFIER,
    /^(?:\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_$]+)$/,
    QUALIFIER_FORMAT,
  );
}

function textOf(member: string, value: unknown, longest: number, format: RegExp, documented: string): string {
  if (value === undefined || value === null) throw validationError(member, value, 'Member must not be null');
  const text = String(value);
  if (text.length > longest) {
    throw validationError(member, text, `Member must have length less than or equal to ${longest}`);
  }
  if (typeof value !== 'string' || !format.test(text)) {
    throw validationError(member, text, `Member must satisfy regular expression pattern: ${documented}`);
  }
  return text;
}
