import { DescribeExecutionCommand, type DescribeExecutionOutput, type SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import { resumedRun } from '../contract/resumed-run';
import { retry } from '../contract/retry';
import type { Ledger } from '../ledger/ledger';
import { pagesOfItems } from '../ledger/pages-of-items';
import { ErrorTally } from './error-tally';
import { type Ending, type KnownRun, type Notice, type NoticeSettings, runNotice } from './run-notice';

/** For each of what is asked; a notice that says less is better than a late one. */
const PATIENCE_MILLISECONDS = 60_000;
/** Items that are looked at for the most frequent error. */
const MOST_ITEMS = 1000;

/** EventBridge's event of an execution that has ended. */
export interface EndedEvent {
  readonly detail: Ending & { readonly input?: string | null };
}

export interface TellDependencies {
  readonly stepFunctions: Pick<SFNClient, 'send'>;
  readonly ledger: Pick<Ledger, 'readRun' | 'readChains' | 'listItems'>;
  readonly sns: Pick<SNSClient, 'send'>;
  /** ARN of the topic that is told. */
  readonly topicArn: string;
  readonly settings: NoticeSettings;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * Tells the topic of a run that ended without success. What cannot be found out in time is left out: the event itself is
 * enough for a notice. Events come more than once, and so may a notice.
 *
 * @throws Error of SNS where it did not take the message within a minute
 */
export async function tellOfRun({ detail }: EndedEvent, dependencies: TellDependencies): Promise<Notice> {
  const { sns, topicArn, settings } = dependencies;
  const execution = await patiently(() => describe(detail.executionArn, dependencies), dependencies);
  const told = execution instanceof Error ? undefined : execution;
  const ending: Ending = {
    executionArn: detail.executionArn,
    name: detail.name,
    status: detail.status,
    // Of an execution that was redriven since, it is the event that knows.
    error: detail.error ?? told?.error ?? undefined,
    cause: detail.cause ?? told?.cause ?? undefined,
  };
  const known = await patiently(
    () => knownRun(ending, told?.input ?? detail.input ?? undefined, dependencies),
    dependencies,
  );
  const notice = runNotice(ending, known, settings);
  const { subject: Subject, text: Message } = notice;
  const publish = new PublishCommand({ TopicArn: topicArn, Subject, Message });
  await asked(() => sns.send(publish), dependencies);
  return notice;
}

function describe(executionArn: string, dependencies: TellDependencies): Promise<DescribeExecutionOutput> {
  const { stepFunctions } = dependencies;
  return asked(() => stepFunctions.send(new DescribeExecutionCommand({ executionArn })), dependencies);
}

function asked<Result>(call: () => Promise<Result>, { clock, random }: TellDependencies): Promise<Result> {
  return retry(call, { clock, random, forMilliseconds: PATIENCE_MILLISECONDS, shouldRetry: isTransient });
}

/** What an inquiry found, or why it found nothing within a minute. */
function patiently<Result>(inquire: () => Promise<Result>, { clock }: TellDependencies): Promise<Result | Error> {
  return new Promise((resolve) => {
    const seconds = PATIENCE_MILLISECONDS / 1000;
    const cancel = clock.after(PATIENCE_MILLISECONDS, () => resolve(new Error(`no answer within ${seconds} s`)));
    void inquire()
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      .then((found) => {
        cancel();
        resolve(found);
      });
  });
}

/** The run that an execution created or took up; undefined where it came to none. */
async function knownRun(
  { name }: Ending,
  input: string | undefined,
  { ledger }: TellDependencies,
): Promise<KnownRun | undefined> {
  const resumed = resumedRun(input);
  const run = (resumed === undefined ? undefined : await ledger.readRun(resumed)) ?? (await ledger.readRun(name));
  if (!run) return undefined;
  const chains = await ledger.readChains(run.runId);
  const errors = new ErrorTally();
  let looked = 0;
  for await (const items of pagesOfItems(ledger, run.runId, MOST_ITEMS)) {
    for (const item of items) if (!item.settled) errors.note(item.code, item.id);
    looked += items.length;
    if (looked >= MOST_ITEMS) break;
  }
  return { run, chains, topErrors: errors.top() };
}
