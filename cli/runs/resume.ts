import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { systemClock as clock, sleep } from '../../functions/contract/clock';
import { counted } from '../../functions/contract/counted';
import type { ChainRecord, RunRecord } from '../../functions/ledger/records';
import { Failure } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { type OpenDeployment, openDeployment } from '../deployment/open-deployment';
import { print, say } from '../output';
import { isFinished, itemRateOf, type KnownRun, knownRun, readKnownRun } from './known-run';
import { standingOf, stepsOf } from './next-steps';
import { sayStarted } from './start';
import { ended, startTakingUp } from './start-execution';

const LOOK_MILLISECONDS = 1000;
/** On top of a heartbeat interval, which a link takes to find out. */
const SPARE_MILLISECONDS = 10_000;

interface ResumeFlags extends DeployedFlags, JsonFlag {
  readonly rate?: number | undefined;
}

/**
 * `worker-chains resume`: goes on with a run from the ledger, by a redrive of its execution or by a new one. Answers the
 * exit code.
 *
 * @throws UsageError where there is no such run, Failure where there is nothing to resume, or it is refused
 */
export async function resume({ rate, json, ...choice }: ResumeFlags, reference: string): Promise<number> {
  const opened = await openDeployment(choice);
  const found = await knownRun(reference, opened);
  await refuseWhatIsOn(found, opened);
  const known = await atRest(found, opened, json);
  const { runId, executionArn } = known.run;
  const because = whyNotRedrive(known, rate);
  if (because === undefined) {
    const failure = await redrive(executionArn, opened);
    if (failure === undefined) {
      const name = executionArn.split(':').at(-1);
      if (json) print({ runId, execution: name, executionArn, by: 'redrive' });
      else
        say(`Redriven ${name}: it goes on from the ledger, with its history and at ${itemRateOf(known.run)} items/s.`);
      return 0;
    }
    return anew(known.run, rate, `a redrive was refused (${failure})`, opened, json);
  }
  return anew(known.run, rate, because, opened, json);
}

async function refuseWhatIsOn(known: KnownRun, opened: OpenDeployment): Promise<void> {
  const { runId, status } = known.run;
  const standing = await standingOf(known, opened);
  const steps = stepsOf(standing, known, opened.deployment).join('; ') || 'there is nothing to resume';
  if (standing.is === 'at-work' || standing.is === 'paused') {
    const what = standing.is === 'paused' ? 'paused' : 'RUNNING';
    throw new Failure(`Expected ${runId} to have ended, got one that is ${what}: ${steps}.`);
  }
  if (status !== 'reconciled') return;
  throw new Failure(`Expected ${runId} to be unfinished, got one that is through with all its items: ${steps}.`);
}

/** Why the run needs a new execution; undefined where the one it has can be redriven. */
function whyNotRedrive({ run, execution }: KnownRun, rate: number | undefined): string | undefined {
  if (rate !== undefined) return 'another rate was asked for, which a redrive would not check against the quota';
  if (run.rate === 0) return 'it was paused, and a redrive would stay so';
  if (execution === undefined) return 'Step Functions has forgotten its execution';
  if (execution.redriveStatus === 'REDRIVABLE') return undefined;
  return execution.redriveStatusReason ?? `its execution is ${execution.status} and cannot be redriven`;
}

/** Answers why it was refused; undefined where it was not. */
async function redrive(executionArn: string, { sfn }: OpenDeployment): Promise<string | undefined> {
  try {
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'ExecutionNotRedrivable') return message;
    throw error;
  }
}

async function anew(
  run: RunRecord,
  rate: number | undefined,
  because: string,
  opened: OpenDeployment,
  json: boolean | undefined,
): Promise<number> {
  const { runId, job } = run;
  const started = await startTakingUp({ runId, field: 'resume', job, rate }, opened);
  const why = `a new execution takes up ${runId}, because ${because}`;
  if (json) {
    const { name: execution, executionArn, isPlanned } = started;
    print({ runId, execution, executionArn, by: 'execution', isPlanned, why });
  } else sayStarted(started, opened.deployment, why);
  return 0;
}

/**
 * The run once its execution has ended and no link is at work any more. A link that has died stays in the ledger as it was:
 * it is not waited for longer than a heartbeat takes, and the new attempt fences it out.
 */
async function atRest(found: KnownRun, opened: OpenDeployment, json: boolean | undefined): Promise<KnownRun> {
  const { run } = found;
  await ended(run.executionArn, opened.sfn);
  const patience = run.heartbeatSeconds * 1000 + SPARE_MILLISECONDS;
  const since = clock.now();
  let said = false;
  for (;;) {
    const known = await readKnownRun(run, opened);
    const held = known.chains.filter((chain) => isHeld(chain, patience));
    if (isFinished(known) || held.length === 0 || clock.now() - since > patience) return known;
    if (!said && !json) say(`Waiting for ${counted(held.length, 'chain')} to settle and let go …`);
    said = true;
    await sleep(clock, LOOK_MILLISECONDS);
  }
}

/** A link that is alive writes at least with each chunk; one that has not for longer than a heartbeat takes is gone. */
function isHeld({ status, updatedAt }: ChainRecord, patience: number): boolean {
  return status === 'running' && clock.now() - updatedAt < patience;
}
