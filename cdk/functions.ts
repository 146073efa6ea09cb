import { Duration, Names, RemovalPolicy, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../functions/contract/names';
import { type BundleProps, bundledHandler } from './bundle';
import type { Handler } from './handlers';
import { acknowledgeAnyResource } from './permissions';
import { UnexpectedValue } from './validation';

const RUNTIME = lambda.Runtime.NODEJS_24_X;

/** One function per Task state, and those that something else than a state calls. Entry = state name = file name. */
const FUNCTIONS = {
  CreateWorkers: {
    entry: 'create-workers',
    description: 'Validates the run, claims its occurrence, splits the source over the chains.',
    timeout: Duration.minutes(15),
  },
  RunChain: {
    entry: 'run-chain',
    description: 'One link of a chain: works through its partition, then invokes itself or answers the task token.',
    timeout: Duration.minutes(15),
  },
  FailChain: {
    entry: 'fail-chain',
    description: 'On-failure destination of RunChain: reports a link that died to the execution.',
    timeout: Duration.minutes(5),
  },
  JudgeCanary: {
    entry: 'judge-canary',
    description: 'Judges how the canary of a run fared, and lets its chains go on with everybody else.',
    timeout: Duration.minutes(15),
  },
  ReconcileRun: {
    entry: 'reconcile-run',
    description: 'Proves from the ledger that nobody was forgotten, and reports the run.',
    timeout: Duration.minutes(15),
  },
  HandleFeedback: {
    entry: 'handle-feedback',
    description: 'Takes what SES publishes of mails: suppresses recipients, stops or pauses runs.',
    timeout: Duration.minutes(1),
  },
  NotifyRun: {
    entry: 'notify-run',
    description: 'Tells people of a run that has ended without success: why, what it did, and what to do.',
    timeout: Duration.minutes(5),
  },
  ShowRuns: {
    entry: 'show-runs',
    description: 'Behind the widget of the last runs: answers the dashboard with a table that links each execution.',
    timeout: Duration.minutes(1),
  },
  StopRuns: {
    entry: 'stop-runs',
    description: 'Behind the rules of stopOn: stops runs while an alarm is in ALARM.',
    timeout: Duration.minutes(5),
  },
  Unsubscribe: {
    entry: 'unsubscribe',
    description: 'Behind the unsubscribe links of mails: shows a page, and acts on its button and on one click.',
    timeout: Duration.seconds(30),
  },
} as const satisfies Record<string, { entry: Handler; description: string; timeout: Duration }>;

/** What the functions have in common. */
export interface SharedFunctionProps extends BundleProps {
  /** Dimension `service` of their metrics: tells these worker chains from all others of the account. */
  readonly service: string;
  readonly memorySize: number;
  readonly logRetention: logs.RetentionDays;
  readonly logLevel: string;
  readonly tracing: boolean;
}

/**
 * Dimension `service` of the metrics of a `WorkerChains`: its stack's name and its path in there. Two stacks with the same
 * job, in one account and region, would otherwise answer for each other in every alarm.
 */
export function serviceOf(chains: Construct): string {
  // No stack's name holds a dot.
  return Names.uniqueResourceName(chains, { maxLength: 255, separator: '.', allowedSpecialCharacters: '-' });
}

/** What differs from function to function. */
export interface OwnFunctionProps extends Omit<lambda.EventInvokeConfigOptions, 'onSuccess'> {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout?: Duration;
  readonly recursiveLoop?: lambda.RecursiveLoop;
  readonly reservedConcurrentExecutions?: number;
}

/**
 * A function with its own role and its own log group. The role may write to that log group and nothing else; what more
 * it needs is granted where the resource is made.
 */
export function createFunction(
  scope: Construct,
  id: keyof typeof FUNCTIONS,
  shared: SharedFunctionProps,
  own: OwnFunctionProps,
): lambda.Function {
  const { entry, description, timeout } = FUNCTIONS[id];
  const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
    retention: shared.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  if (shared.tracing) acknowledgeAnyResource(role, 'Tracing has no resource-level permissions.');
  return new lambda.Function(scope, id, {
    timeout,
    ...own,
    description,
    runtime: RUNTIME,
    architecture: lambda.Architecture.ARM_64,
    code: bundledHandler(entry, shared),
    handler: 'index.handler',
    memorySize: shared.memorySize,
    role,
    logGroup,
    tracing: shared.tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
    environment: requireFits(id, {
      POWERTOOLS_SERVICE_NAME: shared.service,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      POWERTOOLS_LOG_LEVEL: shared.logLevel,
      ...(shared.sourceMap ? { NODE_OPTIONS: '--enable-source-maps' } : {}),
      ...own.environment,
    }),
  });
}

/** Lambda's limit on a function's environment in bytes, measured as JSON. */
const LARGEST_ENVIRONMENT = 4096;

/**
 * The same environment, unless Lambda would refuse its size. Values that only the deployment knows count as empty.
 *
 * @throws UnexpectedValue where it is too large
 */
function requireFits(id: string, environment: Record<string, string>): Record<string, string> {
  const known = Object.entries(environment).map(([name, value]) => [name, textOf(value)]);
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(known)));
  if (bytes <= LARGEST_ENVIRONMENT) return environment;
  throw new UnexpectedValue(
    `Expected the environment of ${id} to have at most ${LARGEST_ENVIRONMENT} bytes, got ${bytes}: keep large values in a table or a bucket.`,
  );
}

/** A value without its tokens. */
function textOf(value: string): string {
  return Tokenization.reverseString(value)
    .mapTokens({ mapToken: () => '' })
    .join({ join: (left, right) => `${left ?? ''}${right ?? ''}` });
}

/** An on-failure destination that may put messages into this queue. The CDK's `SqsDestination` would allow to look at it as well. */
export function deadLettersIn(queue: IQueue): lambda.IDestination {
  return {
    bind(_scope, source) {
      iam.Grant.addToPrincipal({ grantee: source, actions: ['sqs:SendMessage'], resourceArns: [queue.queueArn] });
      return { destination: queue.queueArn };
    },
  };
}

/**
 * An on-failure destination that may invoke exactly this function. The CDK's `LambdaDestination` would allow every
 * version and alias of it as well. Lambda refuses the destination while the permission is missing, so it belongs in the
 * role's default policy, on which the function waits.
 */
export function destinationOf(target: lambda.IFunction): lambda.IDestination {
  return {
    bind(_scope, source) {
      iam.Grant.addToPrincipal({
        grantee: source,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [target.functionArn],
      });
      return { destination: target.functionArn };
    },
  };
}
