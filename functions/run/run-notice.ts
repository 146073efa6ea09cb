import { executionUrl } from '../contract/console-url';
import { counted } from '../contract/counted';
import { keptMessage } from '../contract/kept-text';
import { ERROR_CODES } from '../contract/names';
import { leftoverItems, settledItems, sumOfCounts } from '../contract/outcomes';
import type { TopError } from '../contract/payloads';
import { shellArguments } from '../contract/shell-word';
import type { ChainRecord, RunRecord } from '../ledger/records';

/** How an execution has ended, as far as Step Functions tells. */
export interface Ending {
  readonly executionArn: string;
  readonly name: string;
  /** `FAILED`, `TIMED_OUT` or `ABORTED`. */
  readonly status: string;
  readonly error?: string | undefined;
  /** A sentence, or what a Lambda function threw, in JSON. */
  readonly cause?: string | undefined;
}

/** What the ledger knows of the run that it served. */
export interface KnownRun {
  readonly run: Pick<RunRecord, 'runId' | 'dryRun' | 'plan' | 'executionArn'>;
  readonly chains: readonly Pick<
    ChainRecord,
    'chainId' | 'status' | 'lastError' | 'done' | 'skipped' | 'unprocessed' | 'inDoubt' | 'skippedBecause'
  >[];
  /** Of the items that were left, or of the first of them where these are many. */
  readonly topErrors: readonly TopError[];
}

/** Where the run is, and where one reads on. */
export interface NoticeSettings {
  /** Name of the job. */
  readonly job: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Address of docs/operations.md. */
  readonly runbookUrl: string;
}

/** A message that SNS takes. */
export interface Notice {
  /** ASCII, in one line, below 100 characters. */
  readonly subject: string;
  readonly text: string;
}

/** "Must be less than 100 characters long" (SNS API reference, Publish). */
const LONGEST_SUBJECT = 99;
/** Chains of which the last error is told. */
const MOST_CHAINS = 3;

/** Headings of docs/operations.md. */
const ENTRIES: Readonly<Record<string, string>> = {
  FAILED: 'run-failed',
  TIMED_OUT: 'run-timed-out',
  ABORTED: 'stop-which-is-to-pause',
};
const ENTRY_OF_STOPS = 'stop-runs-by-an-alarm';

/**
 * What a person is told of a run that ended without success.
 *
 * @param known absent where the execution has made no run; an error where the ledger did not say
 */
export function runNotice(ending: Ending, known: KnownRun | Error | undefined, settings: NoticeSettings): Notice {
  const { name, status, error } = ending;
  const code = error === undefined ? '' : ` with ${error}`;
  const dry = known && !(known instanceof Error) && known.run.dryRun ? 'dry run' : 'run';
  return {
    subject: subjectOf(`${settings.job}: ${dry} ${status}${error === undefined ? '' : ` ${error}`}: ${name}`),
    text: [
      `${settings.job}: the ${dry} ${name} has ended as ${status}${code}.`,
      ...(ending.cause === undefined ? [] : [`Why: ${causeOf(ending.cause)}`]),
      '',
      ...found(known, ending),
      '',
      ...commands(known, name, settings),
      `The execution: ${executionUrl(ending.executionArn)}`,
      `What to do: ${settings.runbookUrl}#${error === ERROR_CODES.stoppedByAlarm ? ENTRY_OF_STOPS : (ENTRIES[status] ?? 'alarms')}`,
    ].join('\n'),
  };
}

function subjectOf(text: string): string {
  return text
    .replace(/[^ -~]/g, '?')
    .slice(0, LONGEST_SUBJECT)
    .trim();
}

/** In one line, without personal data. */
function causeOf(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { readonly errorMessage?: unknown };
    return keptMessage({ message: typeof errorMessage === 'string' ? errorMessage : cause });
  } catch {
    return keptMessage({ message: cause });
  }
}

function found(known: KnownRun | Error | undefined, { name, executionArn }: Ending): readonly string[] {
  if (known instanceof Error) {
    return [`What it did is not in this message: the ledger could not be read (${keptMessage(known)}).`];
  }
  if (known === undefined) return ['Nothing was begun: the ledger has no run of this execution.'];
  const { run, chains, topErrors } = known;
  const counts = sumOfCounts(chains);
  const { done, skipped, unprocessed, inDoubt } = counts;
  const planned = run.plan.items ?? run.plan.estimate;
  const rest = planned === undefined ? undefined : Math.max(0, planned - settledItems(counts));
  const about = run.plan.items === undefined ? 'about ' : '';
  return [
    ...(run.executionArn === executionArn
      ? []
      : ['Another execution serves its run now, of which this is how far it is.']),
    ...(run.runId === name ? [] : [`Its run is ${run.runId}.`]),
    `${planned === undefined ? 'So far' : `Of ${about}${planned} planned`}: ${done} done, ${skipped} skipped, ${unprocessed} unprocessed, ${inDoubt} in doubt` +
      `${rest === undefined ? '' : `, ${about}${rest} not begun or not settled`}.`,
    ...mostFrequent(topErrors, leftoverItems(counts)),
    ...unfinished(chains),
  ];
}

function mostFrequent(topErrors: readonly TopError[], left: number): readonly string[] {
  const [first] = topErrors;
  if (!first || left === 0) return [];
  return [`Most frequent: ${first.code}, ${first.count} of them, among these ${first.exampleIds.join(', ')}.`];
}

function unfinished(chains: KnownRun['chains']): readonly string[] {
  const left = chains.filter(({ status }) => status !== 'finished');
  if (left.length === 0) return [];
  const failed = left.flatMap(({ chainId, lastError }) => (lastError === undefined ? [] : { chainId, lastError }));
  return [
    `Not finished: ${left.length} of ${counted(chains.length, 'chain')}${failed.length === 0 ? '' : '. Their last errors:'}`,
    ...failed.slice(0, MOST_CHAINS).map(({ chainId, lastError }) => `  chain ${chainId}: ${keptMessage(lastError)}`),
    ...(failed.length > MOST_CHAINS ? [`  and ${failed.length - MOST_CHAINS} more`] : []),
  ];
}

function commands(
  known: KnownRun | Error | undefined,
  name: string,
  { job, stack }: NoticeSettings,
): readonly string[] {
  if (known === undefined) return [];
  const where = shellArguments([name], { stack, job });
  const left = known instanceof Error ? 0 : leftoverItems(sumOfCounts(known.chains));
  return [
    `What it did: worker-chains show ${where}`,
    ...(left > 0 ? [`Whom it left: worker-chains leftovers ${where}`] : []),
    `To go on with the rest: worker-chains resume ${where}`,
  ];
}
