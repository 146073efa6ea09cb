/** A live figure needs no more: at 700 ms a bar's growth looks steady, and the engine spends under 1 % of a core on answers. */
const LIVE_MILLISECONDS = 700;
/** After the run's end only a redrive can change something. */
const SETTLED_MILLISECONDS = 2000;
/** An answer that takes longer comes from a process that hangs. */
const ANSWER_MILLISECONDS = 10_000;
/** One refused connection may be a server at its limit; two in a row are a process that is gone. */
const FAILURES_UNTIL_ENDED = 2;

/** The server answered with a refusal: its sentence. */
export class RequestError extends Error {}

/** Nobody answered. */
class UnreachableError extends Error {}

/** The JSON at an address of this server. Throws a `RequestError` with the server's sentence if it answers one. */
export async function getJson(address) {
  let response;
  let body;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    body = await response.json();
  } catch (error) {
    throw new UnreachableError(`Nobody answered ${address}.`, { cause: error });
  }
  if (!response.ok) throw new RequestError(body.message);
  return body;
}

/**
 * Asks for the run again and again. `onRun` gets each view; `onState` gets `live`, `ended` (the process is gone) or
 * `failing` (it answers, but with an error) with a sentence. It goes on asking, so that a restarted process is found.
 */
export function followRun({ onRun, onState }) {
  let failures = 0;
  const ask = async () => {
    let pause = LIVE_MILLISECONDS;
    try {
      const run = await getJson('/api/run');
      failures = 0;
      onState('live');
      await onRun(run);
      if (run.execution && run.execution.status !== 'RUNNING') pause = SETTLED_MILLISECONDS;
    } catch (error) {
      pause = SETTLED_MILLISECONDS;
      if (error instanceof RequestError) onState('failing', error.message);
      else if (error instanceof UnreachableError) {
        failures++;
        pause = LIVE_MILLISECONDS;
        if (failures >= FAILURES_UNTIL_ENDED) onState('ended');
      } else {
        onState('failing', `The page could not show the run: ${error.message}`);
        console.error(error);
      }
    }
    setTimeout(ask, document.hidden ? SETTLED_MILLISECONDS : pause);
  };
  void ask();
}
