import type { LambdaClient } from '@aws-sdk/client-lambda';
import { Callbacks } from '../chain/callbacks';
import { Handoff } from '../chain/handoff';
import { runLink } from '../chain/link';
import type { LinkReport } from '../chain/link-report';
import type { RehearseMail, SendMail, UnsubscribeRecipient } from '../contract/email';
import type { LinkEvent } from '../contract/payloads';
import { ownerOf } from '../ledger/attempts';
import { Executions } from '../run/executions';
import { knownSources } from '../sources/known-sources';
import { ledgerIn, type Surroundings, type WithJob, type WithProvider, type WithStepFunctions } from './surroundings';

export interface RunLinkSurroundings extends Surroundings, WithJob, WithProvider, WithStepFunctions {
  readonly lambda: Pick<LambdaClient, 'send'>;
  /** One attempt to send a mail; rejects with a `Refusal`. */
  readonly send: SendMail;
  /** What a dry run does with mails instead. */
  readonly rehearse: RehearseMail;
  /** Makes unsubscribe links, once their keys are read. @default - there is no endpoint for them */
  readonly unsubscribeLinks?: () => Promise<(recipient: UnsubscribeRecipient) => string>;
  /** Differs between any two calls. */
  readonly nonce: () => string;
  /** Items to claim at a time, for each that is under way. @default - `CLAIM_FACTOR` */
  readonly claimFactor?: number;
}

/** What Lambda tells a link of its invocation. */
export interface LinkInvocation {
  /** The chain function, which invokes itself. */
  readonly functionName: string;
  readonly requestId: string;
  /** Milliseconds until Lambda ends the invocation. */
  readonly remainingMilliseconds: () => number;
}

/** State `RunChain`, and every link after the first. */
export function wireRunLink(
  around: RunLinkSurroundings,
): (event: LinkEvent, invocation: LinkInvocation) => Promise<LinkReport> {
  const { stepFunctions, lambda, clock, random, findJob, readQuota, nonce } = around;
  const { send, rehearse, unsubscribeLinks, claimFactor } = around;
  const ledger = ledgerIn(around);
  const callbacks = new Callbacks({ client: stepFunctions, clock, random });
  const executions = new Executions({ client: stepFunctions, clock, random });
  const { findSource } = knownSources(ledger);
  return (event, { functionName, requestId, remainingMilliseconds }) =>
    runLink(event, {
      ledger,
      callbacks,
      executions,
      handoff: new Handoff({ client: lambda, functionName, clock, random }),
      clock,
      random,
      newOwner: () => ownerOf(requestId, nonce()),
      findJob,
      findSource,
      readQuota,
      send,
      rehearse,
      ...(unsubscribeLinks && { unsubscribeLinks }),
      remainingMilliseconds,
      ...(claimFactor !== undefined && { claimFactor }),
    });
}
