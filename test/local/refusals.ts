/** The HTTP status of a refusal that its row does not name. */
const CALLERS_FAULT = 400;

/** One call that AWS refuses, as a row of a service's table. `Ground` is what the call finds there. */
export interface Refusal<Ground> {
  /** What is refused, as the end of the sentence "… refuses …". */
  readonly sentence: string;
  readonly operation: string;
  readonly input: (ground: Ground) => Record<string, unknown>;
  /** AWS's error code, and what its message says at least. */
  readonly error: readonly [name: string, message: string | RegExp];
  /** @default - 400 */
  readonly status?: number;
  /** Where AWS, or a recording of it, says so. */
  readonly source: string;
}

/** One call that comes close to a refusal, and that AWS takes. */
export type Acceptance<Ground> = Pick<Refusal<Ground>, 'sentence' | 'operation' | 'input' | 'source'>;

/** Calls a service by the name of an operation, through the real client and HTTP. */
export function callerOf(
  client: () => { send(command: never): Promise<unknown> },
  commands: Readonly<Record<string, new (input: never) => object>>,
): (operation: string, input: Record<string, unknown>) => Promise<unknown> {
  return (operation, input) => {
    const Command = commands[operation];
    if (!Command) throw new Error(`Expected a command for ${operation}: add it to those of the test.`);
    return client().send(new Command(input as never) as never);
  };
}

/** How a refusal looks through the SDK. Every refusal has a message: a person reads it. */
export function refused<Ground>({ error: [name, message], status = CALLERS_FAULT }: Refusal<Ground>): object {
  return {
    name,
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    $metadata: expect.objectContaining({ httpStatusCode: status }),
  };
}
