import { withDelta } from '../delta';
import type { RunUpdate, RunView, WholeRun } from '../view';
import { LIVE_MILLISECONDS, pauseAfter, SETTLED_MILLISECONDS } from './polling';
import { recordedAnswer, recording } from './recorded';

/** An answer that takes longer comes from a process that hangs. */
const ANSWER_MILLISECONDS = 10_000;
/** One refused connection may be a server at its limit; two in a row are a process that is gone. */
const FAILURES_UNTIL_ENDED = 2;

/** `recorded`: a file, which nobody serves. `ended`: the process is gone. `failing`: it answers, but with an error, which `sentence` tells. */
export type Connection =
  | { readonly state: 'connecting' | 'live' | 'recorded' | 'ended' }
  | { readonly state: 'failing'; readonly sentence: string };

/** The server answered with a refusal: its sentence. */
export class RequestError extends Error {}

/** Nobody answered. */
class UnreachableError extends Error {}

/**
 * The JSON at an address of this server.
 *
 * @throws RequestError where the server answers with an error: its sentence
 */
export async function getJson<Body>(address: string): Promise<Body> {
  if (recording) {
    const answer = recordedAnswer(recording, address);
    if (answer === undefined) throw new RequestError('This file does not have that: the page of the stack does.');
    return answer as Body;
  }
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    body = await response.json();
  } catch (error) {
    throw new UnreachableError(`Nobody answered ${address}.`, { cause: error });
  }
  if (!response.ok) throw new RequestError((body as { message: string }).message);
  return body as Body;
}

/**
 * Asks the server to do something. Answers its sentence.
 *
 * @throws RequestError where the server refuses: its sentence
 */
export async function postJson(address: string, token: string, body: object): Promise<string> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-page-token': token },
    body: JSON.stringify(body),
  });
  const { message } = (await response.json()) as { readonly message: string };
  if (!response.ok) throw new RequestError(message);
  return message;
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Follower {
  /** ARN of the execution to ask for. Absent: whichever is the newest. */
  readonly execution: () => string | undefined;
  readonly onRun: (run: RunView) => Promise<void>;
  readonly onConnection: (connection: Connection) => void;
}

function updateAddress(arn: string | undefined, known: WholeRun | undefined): string {
  const parameters = new URLSearchParams({
    ...(arn !== undefined && { execution: arn }),
    ...(known && { since: known.version }),
  });
  return `/api/updates?${parameters}`;
}

/** A server that does not know the version any more answers with the whole. */
function updated(known: WholeRun | undefined, update: RunUpdate): RunView {
  return 'run' in update ? update.run : (withDelta(known?.run, update.changes) as RunView);
}

/**
 * Asks for the run again and again, and goes on when nobody answers, so that a restarted process is found. Returns a
 * function that asks at once: what is under way then is for nobody any more.
 */
export function followRun({ execution, onRun, onConnection }: Follower): () => void {
  let failures = 0;
  let round = 0;
  let known: WholeRun | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;

  const ask = async () => {
    round += 1;
    const mine = round;
    let pause = LIVE_MILLISECONDS;
    try {
      const arn = execution();
      const update = await getJson<RunUpdate>(updateAddress(arn, known));
      if (mine !== round) return;
      known = { version: update.version, run: updated(known, update) };
      const { run } = known;
      failures = 0;
      onConnection({ state: recording ? 'recorded' : 'live' });
      await onRun(run);
      pause = pauseAfter(run, document.hidden);
    } catch (error) {
      if (mine !== round) return;
      // Whatever was wrong, the next answer is whole.
      known = undefined;
      pause = SETTLED_MILLISECONDS;
      if (error instanceof RequestError) onConnection({ state: 'failing', sentence: error.message });
      else if (error instanceof UnreachableError) {
        failures += 1;
        pause = LIVE_MILLISECONDS;
        if (failures >= FAILURES_UNTIL_ENDED) onConnection({ state: 'ended' });
      } else {
        onConnection({ state: 'failing', sentence: `The page could not show the run: ${sentenceOf(error)}` });
        console.error(error);
      }
    }
    if (mine === round && !recording) next = setTimeout(ask, pause);
  };
  const askNow = () => {
    clearTimeout(next);
    void ask();
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) askNow();
  });
  askNow();
  return askNow;
}
