import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { Failure } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { describe } from '../deployment/find-run';
import { openDeployment } from '../deployment/open-deployment';
import { findExecution } from '../live/watched-deployment';
import { moment, print, say } from '../output';
import { commandFor } from '../recommended-command';
import { ended } from './start-execution';

/**
 * `worker-chains stop`: ends the execution; its chains end within a heartbeat interval. Answers the exit code.
 *
 * @throws UsageError where there is no such run, Failure where it has ended
 */
export async function stop({ json, ...choice }: DeployedFlags & JsonFlag, reference: string): Promise<number> {
  const opened = await openDeployment(choice);
  const executionArn = await findExecution(reference, opened);
  const { sfn, ledger } = opened;
  const name = executionArn.split(':').at(-1) as string;
  const before = await describe(executionArn, sfn);
  if (before?.status !== 'RUNNING') {
    const since = before?.stopDate === undefined ? '' : ` since ${moment(before.stopDate.getTime())}`;
    throw new Failure(
      `Expected ${name} to be running, got one that is ${before?.status ?? 'forgotten'}${since}: there is nothing to stop.`,
    );
  }
  await sfn.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'worker-chains stop' }));
  const status = (await ended(executionArn, sfn))?.status ?? 'RUNNING';
  const run = await ledger.readRun(reference.startsWith('arn:') ? name : reference);
  if (json) print({ executionArn, status });
  else {
    const seconds = run === undefined ? '' : ` within ${run.heartbeatSeconds} s`;
    const goOn = commandFor(opened.deployment, 'resume', { operands: [run?.runId ?? name] });
    say(`${name} is ${status}. Its chains settle what they know and end${seconds}: ${goOn} goes on.`);
  }
  return 0;
}
