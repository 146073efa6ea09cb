/** How long a command waits for AWS, in milliseconds, and how often it asks. */
export interface Patience {
  readonly attempts: number;
  /** For the connection. */
  readonly connection: number;
  /** For an answer. */
  readonly answer: number;
}

/** A person who has asked one thing waits for half a minute, and is told that nobody answers. */
export const USUAL_PATIENCE: Patience = { attempts: 3, connection: 4000, answer: 10_000 };
/** What is asked every few seconds is not asked again by itself. */
export const SHORT_PATIENCE: Patience = { attempts: 1, connection: 4000, answer: 4000 };

/** Settings of an SDK client. Without them it waits for an answer for as long as the other side holds the connection. */
export function waiting({ attempts, connection, answer }: Patience) {
  return {
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connection, requestTimeout: answer, throwOnRequestTimeout: true },
  };
}
