import type { Clock } from '../contract/clock';
import type { Recipients, Standing } from './recipients';

/** So long a question waits for others to go with it. */
const GATHER_MILLISECONDS = 5;
/** DynamoDB's limit for one read. */
const MOST_KEYS = 100;

interface Waiting {
  readonly promise: Promise<Standing | undefined>;
  resolve(standing: Standing | undefined): void;
  reject(error: unknown): void;
}

/** Reads what is known of addresses, those that are asked for at about the same time in one call. */
export class Standings {
  private waiting = new Map<string, Waiting>();

  constructor(
    private readonly recipients: Pick<Recipients, 'read'>,
    private readonly clock: Clock,
  ) {}

  /** What is known of the address of this key; undefined if nothing is. */
  read(key: string): Promise<Standing | undefined> {
    const asked = this.waiting.get(key);
    if (asked) return asked.promise;
    if (this.waiting.size === 0) this.clock.after(GATHER_MILLISECONDS, () => this.ask());
    const waiting = newWaiting();
    this.waiting.set(key, waiting);
    if (this.waiting.size >= MOST_KEYS) this.ask();
    return waiting.promise;
  }

  private ask(): void {
    const asked = this.waiting;
    this.waiting = new Map();
    if (asked.size === 0) return;
    this.recipients.read([...asked.keys()]).then(
      (found) => {
        for (const [key, { resolve }] of asked) resolve(found.get(key));
      },
      (error: unknown) => {
        for (const { reject } of asked.values()) reject(error);
      },
    );
  }
}

function newWaiting(): Waiting {
  let settle: Omit<Waiting, 'promise'> | undefined;
  const promise = new Promise<Standing | undefined>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as Omit<Waiting, 'promise'>) };
}
