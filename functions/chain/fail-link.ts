import * as z from 'zod/mini';
import type { Callbacks } from './callbacks';
import { ERROR_CODES } from './constants';
import type { LinkEvent } from './contract';
import { WorkerChainsError } from './errors';
import type { Ledger } from './ledger/ledger';

/**
 * The record that Lambda sends to an on-failure destination, as far as it is needed here. Source: AWS Lambda Developer
 * Guide, "Capturing records of asynchronous invocations"; `responsePayload` is absent when the function never ran.
 */
const failureRecord = z.object({
  requestContext: z.object({ condition: z.string() }),
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

/** Reports a link that could not report itself: it timed out, ran out of memory, or its event expired. */
export async function failLink(
  record: unknown,
  {
    callbacks,
    ledger,
  }: { readonly callbacks: Pick<Callbacks, 'fail'>; readonly ledger: Pick<Ledger, 'interruptLink'> },
): Promise<LinkEvent & { readonly cause: string }> {
  const parsed = failureRecord.safeParse(record);
  if (!parsed.success) {
    throw new Error(
      `Expected Lambda's record of a RunChain event that failed, got ${JSON.stringify(record)?.slice(0, 200)}: only RunChain's on-failure destination invokes this function.`,
    );
  }
  const { requestContext, requestPayload, responsePayload } = parsed.data;
  const { runId, chainId, epoch, link, taskToken } = requestPayload;
  const died = [responsePayload?.errorType, responsePayload?.errorMessage].filter(Boolean).join(': ');
  const cause = `Link ${link} of chain ${chainId} did not end by itself (${requestContext.condition}): ${died || 'no response'}`;
  // The task first: once it is answered, the token is dead, and whoever finds the chain fenced knows why.
  await callbacks.fail(taskToken, new WorkerChainsError(ERROR_CODES.crashed, cause));
  await ledger.interruptLink({ runId, chainId, epoch, link }, cause);
  return { ...requestPayload, cause };
}
