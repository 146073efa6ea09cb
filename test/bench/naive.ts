import { sleep } from '../../functions/contract/clock';
import type { Invocation } from '../../local/lambda/runtime';
import { addressOf, idOf, isBenchAddress, ROW_BYTES } from './bench-recipients';
import { Cloud } from './cloud';
import { LATENCY } from './latency';

/** What a link does with a mail that the SDK could not send. */
export type NaivePolicy =
  /** Lets the error through: the link fails, and Lambda repeats it from its beginning. */
  | 'throw'
  /** Notes it and goes on to the next user: the mail is lost. */
  | 'log';

export interface NaiveShape {
  readonly limit: number;
  readonly chains: number;
  readonly items: number;
  /** A link works this long, then invokes itself with the next position. */
  readonly linkSeconds: number;
  readonly policy: NaivePolicy;
  readonly seed?: number;
  readonly beside?: (cloud: Cloud) => void;
}

export interface NaiveCell {
  readonly limit: number;
  readonly chains: number;
  readonly policy: NaivePolicy;
  readonly items: number;
  /** From the start until the last mail. */
  readonly makespanSeconds: number;
  /** Makespan ÷ (items ÷ allowed rate), the allowed rate being that of the paced run. */
  readonly makespanOverIdeal: number;
  readonly attempts: number;
  readonly throttled: number;
  readonly throttledShare: number;
  /** Users who never got their mail, and mails beyond the first to one user. */
  readonly lost: number;
  readonly duplicated: number;
}

interface NaiveEvent {
  readonly position: number;
  readonly last: number;
}

/** The JavaScript SDK's default: three attempts, none of them visible to the caller. */
const SDK_ATTEMPTS = 3;
/** The SDK's pause after a throttle: random × 2^retry × 500 ms, at most 20 s. */
const SDK_THROTTLE_PAUSE_MILLISECONDS = 500;
const SDK_LONGEST_PAUSE_MILLISECONDS = 20_000;

/**
 * The scheme of self-invoking functions as it is usually written: fetch a user, send, next; when the slice's time is
 * over, invoke yourself with the next position. No pace, no ledger, the defaults of the SDK and of Lambda's queue.
 */
export async function naiveCell(shape: NaiveShape, allowedRate: number): Promise<NaiveCell> {
  const { limit, chains, items, linkSeconds, policy } = shape;
  const sent = new Uint16Array(items + 1);
  let attempts = 0;
  let throttled = 0;
  let lastMailAt = 0;
  const cloud: Cloud = new Cloud({
    seed: shape.seed ?? 1,
    maxSendRate: limit,
    // Nothing but `run`: two retries and six hours are what Lambda does when nobody says otherwise.
    functions: { SendSlice: { run: ({ event }: Invocation) => sendSlice(event as NaiveEvent) } },
  });
  const { clock, random } = cloud;
  const invoke = (event: NaiveEvent) =>
    cloud.call(
      cloud.lambda,
      'Invoke',
      { FunctionName: 'SendSlice', InvocationType: 'Event', Payload: JSON.stringify(event) },
      LATENCY.lambda,
    );

  async function sendSlice({ position, last }: NaiveEvent): Promise<void> {
    const startedAt = clock.now();
    for (let id = position; id <= last; id++) {
      if (clock.now() - startedAt >= linkSeconds * 1000) {
        await invoke({ position: id, last });
        return;
      }
      await cloud.readRows(1, ROW_BYTES);
      try {
        await sendLikeSdk(addressOf(id));
      } catch (error) {
        if (policy === 'throw') throw error;
      }
    }
  }

  async function sendLikeSdk(to: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await cloud.send(to);
      } catch (error) {
        if (attempt === SDK_ATTEMPTS) throw error;
        const pause = random.next() * 2 ** (attempt - 1) * SDK_THROTTLE_PAUSE_MILLISECONDS;
        await sleep(clock, Math.min(SDK_LONGEST_PAUSE_MILLISECONDS, pause));
      }
    }
  }

  cloud.onAttempt = ({ to, accepted, at }) => {
    if (!isBenchAddress(to)) return;
    attempts += 1;
    if (!accepted) throttled += 1;
    else {
      const id = idOf(to);
      sent[id] = (sent[id] ?? 0) + 1;
      lastMailAt = at;
    }
  };

  const startedAt = clock.now();
  for (let chain = 0; chain < chains; chain++) {
    const position = Math.floor((items * chain) / chains) + 1;
    const last = Math.floor((items * (chain + 1)) / chains);
    if (position <= last) void invoke({ position, last });
  }
  shape.beside?.(cloud);
  await clock.advance(1000);
  await clock.runUntil(cloud.lambda.idle());
  const makespanSeconds = Math.max(0, lastMailAt - startedAt) / 1000;
  const perUser = sent.subarray(1);
  return {
    limit,
    chains,
    policy,
    items,
    makespanSeconds,
    makespanOverIdeal: makespanSeconds / (items / allowedRate),
    attempts,
    throttled,
    throttledShare: attempts === 0 ? 0 : throttled / attempts,
    lost: perUser.reduce((count, mails) => count + (mails === 0 ? 1 : 0), 0),
    duplicated: perUser.reduce((count, mails) => count + Math.max(0, mails - 1), 0),
  };
}
