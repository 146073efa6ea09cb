import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { WorkerChainsStack } from '../../cdk/stack';
import { WorkerChains } from '../../cdk/worker-chains';
import { GIVEN, unbundledApp } from './stacks';

function checkedApp() {
  const app = unbundledApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/** The checks print what they find: only a failure is of interest. */
beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

it('has no finding of AwsSolutions that is not acknowledged with a reason', () => {
  const app = checkedApp();
  new WorkerChainsStack(app, 'WorkerChains', GIVEN);
  expect(() => app.synth()).not.toThrow();
});

it('has none with tracing and full logs either', () => {
  const app = checkedApp();
  new WorkerChains(new Stack(app, 'Traced'), 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    schedule: Schedule.rate(Duration.days(7)),
    tracing: true,
    stateMachineLogLevel: LogLevel.ALL,
  });
  expect(() => app.synth()).not.toThrow();
});

it('has none where alarms stop runs', () => {
  const app = checkedApp();
  new WorkerChains(new Stack(app, 'Stopping'), 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    schedule: Schedule.rate(Duration.days(7)),
    stopOn: [{ metric: new Metric({ namespace: 'Shop', metricName: 'Latency' }), threshold: 1 }],
  });
  expect(() => app.synth()).not.toThrow();
});

it('has none where each chain is an execution of its own', () => {
  const app = checkedApp();
  new WorkerChains(new Stack(app, 'Distributed'), 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    schedule: Schedule.rate(Duration.days(7)),
    mapMode: 'distributed',
  });
  expect(() => app.synth()).not.toThrow();
});

it('has none with schedules in time zones', () => {
  const app = checkedApp();
  new WorkerChains(new Stack(app, 'Zoned'), 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    schedules: [{ expression: Schedule.rate(Duration.days(7)), zone: 'Europe/Berlin' }],
  });
  expect(() => app.synth()).not.toThrow();
});

it('would have one for a queue that anybody may read in plain text', () => {
  const app = checkedApp();
  new Queue(new WorkerChainsStack(app, 'WorkerChains', GIVEN), 'Plain');
  expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
});
