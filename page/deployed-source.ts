import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Clock } from '../functions/contract/clock';
import type { Ledger } from '../functions/ledger/ledger';
import type { MonitoredStateMachine } from './execution-monitor';
import { Monitor, type RunCommand } from './monitor';
import { PageError } from './reply';
import type { PageOperations, PageSource } from './view';

/** What is asked of AWS at most: of its state machine, executions and history, as often as somebody looks. */
const FRESH_MILLISECONDS = 3000;
/** Bad gateway: it is AWS that did not answer as it should. */
const NO_ANSWER = 502;

/** A state machine that runs chains, as it is deployed. */
export interface DeployedChains {
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly job: string;
  /** Name of the chain function. */
  readonly chainFunction: string;
  /** With a patience of seconds: somebody waits for the answer. */
  readonly ledger: Ledger;
  /** As `MonitoredStateMachine` has it. */
  readonly cost?: MonitoredStateMachine['cost'];
  /** As `MonitoredStateMachine` has it. */
  readonly logs?: MonitoredStateMachine['logs'];
}

export interface DeployedOptions {
  /** One try per call: whoever asks, asks again. */
  readonly sfn: Pick<SFNClient, 'send'>;
  readonly clock: Clock;
  readonly deployed: readonly [DeployedChains, ...DeployedChains[]];
  /** The shell command that does this to a run of the state machine of this ARN. */
  readonly commandFor: (command: RunCommand, stateMachineArn: string) => string;
}

/**
 * Looks at what is deployed, with the rights of `grantWatch`: Step Functions and the ledger, nothing else. What AWS does
 * not tell – handoffs that nobody saw, mails that are with their recipients – is not shown.
 */
export async function deployedMonitor({ sfn, clock, deployed, commandFor }: DeployedOptions): Promise<Monitor> {
  const [first, ...others] = deployed;
  const monitored = async (chains: DeployedChains): Promise<MonitoredStateMachine> => {
    const { stateMachineArn: arn, stateMachineName: name, ...rest } = chains;
    const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
    return { ...rest, arn, name, definition };
  };
  return new Monitor({
    sfn,
    clock,
    stateMachines: [await monitored(first), ...(await Promise.all(others.map(monitored)))],
    commandFor: (command, { arn }) => commandFor(command, arn),
    endpoints: {},
    freshMilliseconds: FRESH_MILLISECONDS,
    observesInvocations: false,
    startedSince: 0,
  });
}

/**
 * The page of what is deployed.
 *
 * @param explain what a person is to know of an error of AWS, and to do about it; undefined where it is none
 * @param operations @default - the page only looks
 */
export function deployedSource(
  monitor: Monitor,
  explain: (error: unknown) => string | undefined,
  operations?: PageOperations,
): PageSource {
  const asked = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof PageError) throw error;
      const sentence = explain(error);
      throw sentence === undefined ? error : new PageError(NO_ANSWER, sentence);
    }
  };
  return {
    executions: () => asked(monitor.executions()),
    run: (executionArn) => asked(monitor.run(executionArn)),
    history: (executionArn, after, limit) => asked(monitor.history(executionArn, after, limit)),
    leftovers: (executionArn) => asked(monitor.leftovers(executionArn)),
    // They went to their recipients: see `TotalsView.mails`.
    mails: async () => ({ total: 0, mails: [] }),
    mail: async () => undefined,
    ...(operations && {
      operations: {
        stop: (executionArn) => asked(operations.stop(executionArn)),
        redrive: (executionArn) => asked(operations.redrive(executionArn)),
        resume: (executionArn) => asked(operations.resume(executionArn)),
        retry: (executionArn) => asked(operations.retry(executionArn)),
        rate: (executionArn, itemsPerSecond) => asked(operations.rate(executionArn, itemsPerSecond)),
      },
    }),
  };
}
