import { Duration } from 'aws-cdk-lib';
import { type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../functions/contract/names';
import { createFunction, destinationOf, type SharedFunctionProps } from './functions';
import type { Ledger } from './ledger-storage';
import type { UnsubscribeEndpoint } from './unsubscribe-endpoint';
import { DEFAULTS, linkDurationWithin, type WorkerChainsProps } from './worker-chains-props';

/** The functions of a run. */
export interface RunFunctions {
  readonly failChain: LambdaFunction;
  readonly runChain: LambdaFunction;
  readonly createWorkers: LambdaFunction;
  readonly judgeCanary: LambdaFunction;
  readonly reconcileRun: LambdaFunction;
}

/** By what mails come back, in one way or another. */
export interface MailWays {
  readonly configurationSet?: string | undefined;
  readonly unsubscribe?: UnsubscribeEndpoint | undefined;
  /** Whether the job warms up the domain of its sender: then who creates a run must know it, too. @default - false */
  readonly warmsUp?: boolean;
}

export function createRunFunctions(
  scope: Construct,
  props: WorkerChainsProps,
  shared: SharedFunctionProps,
  ledger: Ledger,
  { configurationSet, unsubscribe, warmsUp = false }: MailWays,
): RunFunctions {
  const heartbeat = props.heartbeat ?? DEFAULTS.heartbeat;
  const timeout = props.timeout ?? DEFAULTS.timeout;
  const reservedConcurrency = props.reservedConcurrency ?? 2 * (props.chains ?? DEFAULTS.chains);
  const environment = { [ENVIRONMENT.ledgerTable]: ledger.table.tableName };
  const sender = props.mail && {
    [ENVIRONMENT.sender]: props.mail.sender,
    ...(configurationSet !== undefined && { [ENVIRONMENT.configurationSet]: configurationSet }),
    ...(unsubscribe && {
      [ENVIRONMENT.unsubscribeEndpoint]: unsubscribe.url.url,
      [ENVIRONMENT.unsubscribeSecret]: unsubscribe.secret.secretArn,
    }),
  };

  const linkSeconds = String((props.linkDuration ?? linkDurationWithin(timeout)).toSeconds());
  const sendShare = String(props.sendShare ?? DEFAULTS.sendShare);

  const failChain = createFunction(scope, 'FailChain', shared, { environment });
  const runChain = createFunction(scope, 'RunChain', shared, {
    environment: {
      ...environment,
      ...sender,
      [ENVIRONMENT.linkSeconds]: linkSeconds,
      [ENVIRONMENT.sendShare]: sendShare,
      ...props.environment,
    },
    timeout,
    // A retry by Lambda would re-deliver a link behind the state machine's back: retries are the state machine's.
    retryAttempts: 0,
    // An event that waited longer than a heartbeat belongs to a chain that counts as interrupted. Lambda's minimum is 60 s.
    maxEventAge: Duration.seconds(Math.max(60, heartbeat.toSeconds())),
    onFailure: destinationOf(failChain),
    // Lambda would otherwise cut a chain at about 16 links. The cursor that must advance, the link budget, the
    // execution's timeout and the reserved concurrency are the guards instead.
    recursiveLoop: RecursiveLoop.ALLOW,
    reservedConcurrentExecutions: reservedConcurrency,
  });
  const createWorkers = createFunction(scope, 'CreateWorkers', shared, {
    environment: {
      ...environment,
      [ENVIRONMENT.heartbeatSeconds]: String(heartbeat.toSeconds()),
      [ENVIRONMENT.linkSeconds]: linkSeconds,
      [ENVIRONMENT.sendShare]: sendShare,
      [ENVIRONMENT.concurrentLinks]: String(reservedConcurrency),
      ...(props.mail && warmsUp && { [ENVIRONMENT.sender]: props.mail.sender }),
      ...(props.mapMode === 'distributed' && { [ENVIRONMENT.mapMode]: props.mapMode }),
      ...props.environment,
    },
  });
  const judgeCanary = createFunction(scope, 'JudgeCanary', shared, { environment });
  const reconcileRun = createFunction(scope, 'ReconcileRun', shared, {
    environment: { ...environment, ...props.environment },
  });
  return { failChain, runChain, createWorkers, judgeCanary, reconcileRun };
}
