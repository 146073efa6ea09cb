import * as z from 'zod/mini';
import { WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import type { LinkEvent } from '../contract/payloads';
import { hasProgressed, invocationOf } from '../ledger/attempts';
import type { Ledger } from '../ledger/ledger';
import type { ChainRecord } from '../ledger/records';
import type { Callbacks } from './callbacks';

/**
 * The record that Lambda sends to an on-failure destination, as far as it is needed here. Source: AWS Lambda Developer
 * Guide, "Capturing records of asynchronous invocations"; `responsePayload` is absent when the function never ran.
 */
const failureRecord = z.object({
  requestContext: z.object({ condition: z.string(), requestId: z.optional(z.string()) }),
  requestPayload: z.object({
    runId: z.string(),
    chainId: z.number(),
    epoch: z.number(),
    link: z.number(),
    taskToken: z.string(),
  }),
  responsePayload: z.optional(
    z.nullable(z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) })),
  ),
});

type FailureRecord = z.infer<typeof failureRecord>;

/** What a failure record led to: `ignored` where another link has the chain, or this link itself, which is alive. */
export interface DeadLink extends LinkEvent {
  readonly cause: string;
  readonly end: 'reported' | 'ignored';
}

/**
 * Reports a link that could not report itself: it timed out, ran out of memory, or its event expired. The ledger says
 * first whether the chain waits for that link at all: Lambda may deliver an event twice, and the record of the second
 * delivery must not end the first one's work.
 *
 * @throws Error where `record` is no failure record of RunChain
 */
export async function failLink(
  record: unknown,
  {
    callbacks,
    ledger,
  }: {
    readonly callbacks: Pick<Callbacks, 'fail'>;
    readonly ledger: Pick<Ledger, 'readChain' | 'interruptChain'>;
  },
): Promise<DeadLink> {
  const parsed = failureRecord.safeParse(record);
  if (!parsed.success) {
    throw new Error(
      `Expected Lambda's record of a RunChain event that failed, got ${JSON.stringify(record)?.slice(0, 200)}: only RunChain's on-failure destination invokes this function.`,
    );
  }
  const { requestContext, requestPayload, responsePayload } = parsed.data;
  const { runId, chainId, link, taskToken } = requestPayload;
  const died = [responsePayload?.errorType, responsePayload?.errorMessage].filter(Boolean).join(': ');
  const cause = `Link ${link} of chain ${chainId} did not end by itself (${requestContext.condition}): ${died || 'no response'}`;
  const chain = await ledger.readChain(runId, chainId);
  if (chain && !waitsFor(chain, parsed.data)) return { ...requestPayload, cause, end: 'ignored' };
  const code = chain?.epoch === requestPayload.epoch && hasProgressed(chain) ? 'interrupted' : 'crashed';
  // The task first: once it is answered, the token is dead, and the execution says why the chain was interrupted.
  await callbacks.fail(taskToken, new WorkerChainsError(ERROR_CODES[code], cause));
  // A link that never had the chain leaves it as it is: an earlier attempt may still be about to let go of it.
  if (chain?.epoch === requestPayload.epoch) await ledger.interruptChain(chain, cause);
  return { ...requestPayload, cause, end: 'reported' };
}

/** Whether the chain's task would stay unanswered unless this failure is reported. */
function waitsFor(chain: ChainRecord, { requestContext, requestPayload, responsePayload }: FailureRecord): boolean {
  const { epoch, link } = requestPayload;
  if (chain.epoch !== epoch) return chain.epoch < epoch;
  // The one before has settled, and this one never took the chain.
  if (chain.link !== link) return chain.link === link - 1 && chain.status === 'handed-off';
  // An invocation has taken the chain for this link: so the record is not of an event that never became an invocation.
  const neverRan = requestContext.condition === 'EventAgeExceeded' || !responsePayload;
  if (neverRan) return false;
  const invocation = invocationOf(chain.owner);
  return invocation === undefined || requestContext.requestId === undefined || invocation === requestContext.requestId;
}
