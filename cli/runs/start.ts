import type { RunInput } from '../../functions/contract/payloads';
import { UsageError } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { EXECUTION_NAME, isExecutionName, quotedInput } from '../deployment/execution-name';
import type { Deployment } from '../deployment/find-deployment';
import { openDeployment } from '../deployment/open-deployment';
import { print, say } from '../output';
import { jsonObject } from '../plan/survey-options';
import { commandFor } from '../recommended-command';
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
  if (name !== undefined && !isExecutionName(name)) {
    throw new UsageError(
      `Expected --name to be ${EXECUTION_NAME}, got ${quotedInput(name)}: for example --name monday.`,
    );
  }
  const fields = inputOf(flags);
  const opened = await openDeployment(flags);
  const started = await startRun({ job: opened.deployment.job, ...fields }, opened, name);
  if (json) print(startedLine(started));
  else sayStarted(started, opened.deployment);
  return 0;
}

/** What a program is told of a run that was started. */
export function startedLine({ name, executionArn, isPlanned }: StartedRun): object {
  return { run: name, executionArn, isPlanned };
}

/** What is said of a run that was started. */
export function sayStarted({ name, isPlanned }: StartedRun, deployment: Deployment, why?: string): void {
  say(`Started ${name}${why === undefined ? '' : `: ${why}`}.`);
  if (!isPlanned) say('It is not planned yet.');
  say(`${commandFor(deployment, 'watch', { operands: [name] })} follows it.`);
}

/** Option that says what a field of the input says, too. */
const OPTION_OF = { ids: '--items', chains: '--chains', rate: '--rate', dryRun: '--dry-run' } as const;

/** @throws UsageError where the input cannot be one, or an option says what it says */
function inputOf({ input, items, chains, rate, dryRun }: StartFlags): Partial<RunInput> {
  const given = jsonObject('--input', input);
  const fields = {
    ...(items !== undefined && { ids: idsOf(items) }),
    ...(chains !== undefined && { chains }),
    ...(rate !== undefined && { rate }),
    ...(dryRun && { dryRun }),
  };
  for (const [field, option] of Object.entries(OPTION_OF)) {
    if (!Object.hasOwn(fields, field) || !Object.hasOwn(given, field)) continue;
    throw new UsageError(`Expected ${option} or ${field} in --input, got both: leave out one of them.`);
  }
  return { ...given, ...fields };
}

function idsOf(text: string): RunInput['ids'] {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (first !== undefined && last !== undefined) return { first: Number(first), last: Number(last) };
  throw new UsageError(
    `Expected --items to be the first and the last id, got ${text || 'nothing'}: for example --items 1-5000.`,
  );
}
