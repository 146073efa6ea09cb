import type { RunInput } from '../../functions/contract/payloads';
import { programName, UsageError } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { openDeployment } from '../deployment/open-deployment';
import { print, say } from '../output';
import { jsonObject } from '../plan/survey-options';
import { type StartedRun, startRun } from './start-execution';

interface StartFlags extends DeployedFlags, JsonFlag {
  readonly input?: string | undefined;
  readonly items?: string | undefined;
  readonly chains?: number | undefined;
  readonly rate?: number | undefined;
  readonly dryRun?: boolean | undefined;
  readonly name?: string | undefined;
}

/**
 * `worker-chains start`. Answers the exit code.
 *
 * @throws UsageError where the input cannot be one; Failure where the run is refused
 */
export async function start({ json, name, ...flags }: StartFlags): Promise<number> {
  const fields = inputOf(flags);
  const opened = await openDeployment(flags);
  const started = await startRun({ job: opened.deployment.job, ...fields }, opened, { name });
  sayStarted(started, json);
  return 0;
}

/** What is said of a run that was started. */
export function sayStarted(started: StartedRun, json: boolean | undefined, why?: string): void {
  const { name, executionArn, isPlanned } = started;
  if (json) print({ run: name, executionArn, isPlanned, ...(why !== undefined && { why }) });
  else {
    say(`Started ${name}${why === undefined ? '' : `: ${why}`}.`);
    if (!isPlanned) say('It is not planned yet.');
    say(`${programName()} watch ${name} follows it.`);
  }
}

function inputOf({ input, items, chains, rate, dryRun }: StartFlags): Partial<RunInput> {
  const given = jsonObject('--input', input);
  const ids = items === undefined ? {} : { ids: idsOf(items) };
  return {
    ...given,
    ...ids,
    ...(chains !== undefined && { chains }),
    ...(rate !== undefined && { rate }),
    ...(dryRun && { dryRun }),
  };
}

function idsOf(text: string): RunInput['ids'] {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (first !== undefined && last !== undefined) return { first: Number(first), last: Number(last) };
  throw new UsageError(
    `Expected --items to be the first and the last id, got ${text || 'nothing'}: for example --items 1-5000.`,
  );
}
