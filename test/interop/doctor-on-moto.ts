import { CloudWatchClient, PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigCommandInput,
} from '@aws-sdk/client-lambda';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { CreateConfigurationSetCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { called } from '../cli/called';
import { type Checks, referee } from './checks';
import { StackOnMoto } from './stack-on-moto';

const NO_OPERATION = "with the status 404, was none of AWS's";
/** What doctor reads and moto does not answer: each fails here once moto has learnt it. */
const NOT_ANSWERED = {
  ...{ sandbox: NO_OPERATION, sending: NO_OPERATION, quota: NO_OPERATION, items: NO_OPERATION },
  ...{ 'account-concurrency': NO_OPERATION, recursion: NO_OPERATION },
  unsubscribing: 'could not look: E',
};
const SENDER = 'digest@example.com';

interface Examined {
  readonly check: string;
  readonly verdict: string;
  readonly found: string;
}

/**
 * `worker-chains doctor` in an account whose stack moto's CloudFormation has deployed from our template: it finds what is
 * missing, and finds it there once it was made by the services' own APIs, as the template has it.
 */
referee(async (checks) => {
  const stack = await StackOnMoto.deploy();
  try {
    await new Doctor(checks, stack).judge();
  } finally {
    stack.close();
  }
});

class Doctor {
  constructor(
    private readonly checks: Checks,
    private readonly stack: StackOnMoto,
  ) {}

  async judge(): Promise<void> {
    const missing = await this.examined();
    for (const [check, part] of Object.entries(NOT_ANSWERED)) this.says(missing, check, 'unknown', part);
    this.says(missing, 'state-machine', 'ok');
    this.says(missing, 'reserved-concurrency', 'ok');
    this.says(missing, 'sender', 'fault', `there is no identity for ${SENDER}`);
    this.says(missing, 'configuration-set', 'fault', 'is not there');
    this.says(missing, 'async-invocation', 'fault', 'Lambda retries a link 2 times');
    this.says(missing, 'schedule', 'warning', ': off, cron(0 9 ? * MON *) UTC');
    this.says(missing, 'alarms', 'warning', 'the stack has none');
    this.says(missing, 'alarm-topics', 'warning', 'alarms go to no topic');

    await this.deployTheRest();
    const silent = await this.examined();
    this.says(silent, 'alarm-topics', 'fault', 'nobody hears of what goes to');

    await this.setUp();
    const ready = await this.examined();
    // The identity is there; in moto nobody opens the link that verifies it.
    this.says(ready, 'sender', 'fault', `${SENDER} is not verified`);
    this.says(ready, 'configuration-set', 'ok');
    this.says(ready, 'async-invocation', 'ok', 'no retries, events of 120 seconds at most');
    this.says(ready, 'schedule', 'ok');
    this.says(
      ready,
      'alarms',
      'ok',
      `${this.stack.propertiesOf('AWS::CloudWatch::Alarm').length}, none of them in alarm`,
    );
    this.says(ready, 'alarm-topics', 'ok', '1 confirmed');

    await this.reserve(0);
    this.says(await this.examined(), 'reserved-concurrency', 'fault', 'no link can begin');
  }

  /** What moto's CloudFormation left out, by the services' own APIs. */
  private async deployTheRest(): Promise<void> {
    const { stack } = this;
    const cloudWatch = new CloudWatchClient(stack.settings);
    for (const alarm of stack.propertiesOf('AWS::CloudWatch::Alarm')) {
      await cloudWatch.send(new PutMetricAlarmCommand(alarm as unknown as PutMetricAlarmCommandInput));
    }
    const lambda = new LambdaClient(stack.settings);
    for (const config of stack.propertiesOf('AWS::Lambda::EventInvokeConfig')) {
      await lambda.send(
        new PutFunctionEventInvokeConfigCommand(config as unknown as PutFunctionEventInvokeConfigCommandInput),
      );
    }
    const ses = new SESv2Client(stack.settings);
    const ConfigurationSetName = stack.physicalId('AWS::SES::ConfigurationSet');
    await ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName }));
    for (const client of [cloudWatch, lambda, ses]) client.destroy();
  }

  /** What docs/deploy.md has a person do. */
  private async setUp(): Promise<void> {
    const { stack } = this;
    const ses = new SESClient(stack.settings);
    await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: SENDER }));
    const events = new EventBridgeClient(stack.settings);
    await events.send(new EnableRuleCommand({ Name: stack.physicalId('AWS::Events::Rule', 'Occurrences') }));
    const sns = new SNSClient(stack.settings);
    for (const severity of ['Page', 'Ticket']) {
      const TopicArn = stack.physicalId('AWS::SNS::Topic', severity);
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'on-call@example.com' }));
    }
    for (const client of [ses, events, sns]) client.destroy();
  }

  private async reserve(ReservedConcurrentExecutions: number): Promise<void> {
    const lambda = new LambdaClient(this.stack.settings);
    const FunctionName = this.stack.physicalId('AWS::Lambda::Function', 'RunChain');
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    lambda.destroy();
  }

  private async examined(): Promise<readonly Examined[]> {
    const { endpoint, region, credentials } = this.stack.settings;
    const { stdout, stderr } = await called(['doctor', '--json'], {
      environment: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    });
    if (stdout === '') throw new Error(`Expected doctor to print its checks, got nothing: ${stderr}`);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Examined);
  }

  private says(examined: readonly Examined[], check: string, verdict: string, part = ''): void {
    const finding = examined.find((each) => each.check === check);
    const isSo = finding?.verdict === verdict && finding.found.includes(part);
    this.checks.holds(`${check}: ${verdict}${part && `, ${part}`}`, isSo, finding);
  }
}
