import { strictEqual } from 'node:assert/strict';
import {
  type DescribeExecutionOutput,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe } from '../../cli/deployment/find-run';
import { causeOf } from '../../cli/runs/known-run';
import { startRun, startTakingUp } from '../../cli/runs/start-execution';
import type { TakingUp } from '../../cli/runs/take-up';
import type { ItemId, RunInput, RunReport } from '../../functions/contract/payloads';
import type { ScenarioTarget } from './scenario-target';
import { CHAINS, JOB } from './smoke-stack';

/** Something that happens to a run, and what must come of it: the same on the engine and in an account. */
export interface Scenario {
  /** A sentence: what holds. */
  readonly name: string;
  /** What of it only one of the targets can show, and why. Printed where it is left out. */
  readonly unseenWithoutInbox?: string;
  /** @throws Error where it does not hold */
  play(stage: Stage): Promise<void>;
}

export type Ended = Pick<DescribeExecutionOutput, 'status' | 'output' | 'error' | 'cause'> & { readonly name: string };

/** What a scenario does on its target, by AWS's APIs and what the command is made of. */
export class Stage {
  constructor(readonly target: ScenarioTarget) {}

  /** Starts a run, and answers once it is planned. */
  async start(input: Partial<RunInput>): Promise<{ readonly executionArn: string; readonly name: string }> {
    return startRun({ job: JOB, chains: CHAINS, ...input }, this.target);
  }

  /** Starts an execution with any input at all, and does not wait for anything. */
  async startExecution(name: string, input: object): Promise<string> {
    const { stateMachineArn } = this.target.deployment;
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    return (await this.target.sfn.send(command)).executionArn as string;
  }

  /** Takes up a run as `worker-chains resume` and `retry` do. */
  async takeUp(runId: string, field: TakingUp['field'], rate?: number) {
    return startTakingUp({ runId, field, job: JOB, rate }, this.target);
  }

  async stop(executionArn: string): Promise<void> {
    await this.target.sfn.send(new StopExecutionCommand({ executionArn }));
  }

  async redrive(executionArn: string): Promise<void> {
    await this.target.sfn.send(new RedriveExecutionCommand({ executionArn }));
  }

  async ended(executionArn: string): Promise<Ended> {
    let found: DescribeExecutionOutput | undefined;
    await this.target.until(`the execution ${executionArn.split(':').at(-1)} has ended`, async () => {
      found = await describe(executionArn, this.target.sfn);
      return found !== undefined && found.status !== 'RUNNING';
    });
    const { status, output, error, cause } = found as DescribeExecutionOutput;
    return { name: executionArn.split(':').at(-1) as string, status, output, error, cause };
  }

  /** The report of a run that succeeds. */
  async report(executionArn: string): Promise<RunReport> {
    const ended = await this.ended(executionArn);
    const { status, output, error } = ended;
    strictEqual(status, 'SUCCEEDED', `${ended.name} is ${status} with ${error}: ${causeOf(ended)}`);
    return JSON.parse(output as string) as RunReport;
  }

  /** Waits until no chain of the run is at work any more. */
  async atRest(runId: string): Promise<void> {
    await this.target.until(`no chain of ${runId} is at work`, async () => {
      const chains = await this.target.ledger.readChains(runId);
      return chains.every(({ status }) => status !== 'running' && status !== 'handed-off');
    });
  }

  /** Waits until so many of these items are through. */
  async reached(ids: readonly ItemId[], count: number): Promise<void> {
    await this.target.until(`${count} items are through`, async () => sum(await this.target.deeds(ids)) >= count);
  }

  /** How many of the items are through; each of them once. */
  async throughOnce(ids: readonly ItemId[]): Promise<number> {
    const deeds = await this.target.deeds(ids);
    const twice = ids.filter((_, index) => (deeds[index] as number) > 1);
    strictEqual(twice.length, 0, `Expected nobody to be processed twice, got ${twice.join(', ')}.`);
    return sum(deeds);
  }
}

export const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
