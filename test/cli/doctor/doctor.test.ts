import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import { ListStateMachinesCommand, ListTagsForResourceCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { checksOf, examine } from '../../../cli/doctor/doctor';
import { readDocument } from '../../docs/documents';
import { heard } from '../in-process';

const SETTINGS = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } };
const clients = {
  lambda: new LambdaClient(SETTINGS),
  ses: new SESv2Client(SETTINGS),
  cloudWatch: new CloudWatchClient(SETTINGS),
  sns: new SNSClient(SETTINGS),
};
// Those of the command, too, which makes clients of its own.
const lambda = mockClient(LambdaClient);
const ses = mockClient(SESv2Client);
const cloudWatch = mockClient(CloudWatchClient);
const sns = mockClient(SNSClient);
const sfn = mockClient(SFNClient);

const ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Digest';
const DEPLOYMENT = {
  stack: 'my-mails',
  job: 'digest',
  stateMachineArn: ARN,
  stateMachineName: 'Digest',
  tableName: 'Ledger',
  chainFunction: 'RunChain',
  region: 'eu-west-1',
  accountId: '111122223333',
};
const MAILS = { SENDER: 'Digest <digest@news.example.com>', SEND_SHARE: '0.8', CONFIGURATION_SET: 'Mails' };
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:Page';
const QUOTA = { MaxSendRate: 14, Max24HourSend: 50_000, SentLast24Hours: 1000 };
const ACCOUNT = {
  ProductionAccessEnabled: true,
  SendingEnabled: true,
  EnforcementStatus: 'HEALTHY',
  SendQuota: QUOTA,
};
const ASYNC = {
  MaximumRetryAttempts: 0,
  MaximumEventAgeInSeconds: 120,
  DestinationConfig: { OnFailure: { Destination: 'arn:aws:lambda:eu-west-1:111122223333:function:FailChain' } },
};
const named = (name: string) => Object.assign(new Error('no.'), { name });
const configuration = (Variables: Record<string, string>) =>
  lambda.on(GetFunctionConfigurationCommand).resolves({ Environment: { Variables } });
/** The identities that there are, by whether they are verified. */
const identities = (known: Record<string, boolean>, ConfigurationSetName?: string) =>
  ses.on(GetEmailIdentityCommand).callsFake(({ EmailIdentity }) => {
    if (known[EmailIdentity] === undefined) throw named('NotFoundException');
    return { VerifiedForSendingStatus: known[EmailIdentity], ConfigurationSetName };
  });
const subscriptions = (...SubscriptionArns: string[]) =>
  sns.on(ListSubscriptionsByTopicCommand).callsFake(({ NextToken = '0' }) => {
    const index = Number(NextToken);
    const more = index + 1 < SubscriptionArns.length;
    const Subscriptions = SubscriptionArns.slice(index, index + 1).map((SubscriptionArn) => ({ SubscriptionArn }));
    return { Subscriptions, ...(more && { NextToken: String(index + 1) }) };
  });
const alarm = (more: object = {}) => ({ AlarmName: 'run-failed', AlarmActions: [TOPIC], StateValue: 'OK', ...more });
const alarms = (...MetricAlarms: object[]) => cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms });

/** A deployment of which nothing is missing. */
beforeEach(() => {
  for (const api of [lambda, ses, cloudWatch, sns, sfn]) api.reset();
  configuration(MAILS);
  lambda.on(GetFunctionConcurrencyCommand).resolves({ ReservedConcurrentExecutions: 20 });
  lambda
    .on(GetAccountSettingsCommand)
    .resolves({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 980 } });
  lambda.on(GetFunctionRecursionConfigCommand).resolves({ RecursiveLoop: 'Allow' });
  lambda.on(GetFunctionEventInvokeConfigCommand).resolves(ASYNC);
  ses.on(GetAccountCommand).resolves(ACCOUNT);
  ses.on(GetConfigurationSetCommand).resolves({ SendingOptions: { SendingEnabled: true } });
  identities({ 'news.example.com': true });
  alarms(alarm(), alarm({ AlarmName: 'run-missed' }));
  subscriptions(`${TOPIC}:1`);
  sfn.on(ListStateMachinesCommand).resolves({ stateMachines: [{ stateMachineArn: ARN, name: 'Digest' }] as never });
  const tags = { stack: 'my-mails', job: 'digest', ledger: 'Ledger', 'chain-function': 'RunChain' };
  sfn
    .on(ListTagsForResourceCommand)
    .resolves({ tags: Object.entries(tags).map(([key, value]) => ({ key: `worker-chains:${key}`, value })) });
});

const findingOf = async (id: string) => (await examine(DEPLOYMENT, clients)).find(({ check }) => check === id);

const account = (more: object) => () => ses.on(GetAccountCommand).resolves({ ...ACCOUNT, ...more });
const invocation = (more: object) => () =>
  lambda.on(GetFunctionEventInvokeConfigCommand).resolves({ ...ASYNC, ...more });
const recursion = (RecursiveLoop?: 'Terminate') => () =>
  lambda.on(GetFunctionRecursionConfigCommand).resolves({ RecursiveLoop });
const reserved = (ReservedConcurrentExecutions?: number) => () =>
  lambda.on(GetFunctionConcurrencyCommand).resolves({ ReservedConcurrentExecutions });
const withoutSet = ({ CONFIGURATION_SET, ...others }: Record<string, string>) => others;

it.each<[string, string, string, RegExp, () => unknown]>([
  ['sandbox', 'warning', 'an account in the sandbox', /verified rec/, account({ ProductionAccessEnabled: false })],
  ['sending', 'fault', 'sending that is paused', /paused/, account({ SendingEnabled: false })],
  ['sending', 'fault', 'an account that was shut down', /SHUTDOWN/, account({ EnforcementStatus: 'SHUTDOWN' })],
  ['sending', 'warning', 'an account on probation', /PROBATION/, account({ EnforcementStatus: 'PROBATION' })],
  ['quota', 'ok', 'what runs may use', /11\.2 of 14 .* 39000 more mails of 50000/, () => {}],
  ['quota', 'ok', 'a quota without end', /as they like/, account({ SendQuota: { ...QUOTA, Max24HourSend: -1 } })],
  ['quota', 'fault', 'a used up quota', / 0 more/, account({ SendQuota: { ...QUOTA, SentLast24Hours: 40_000 } })],
  ['sender', 'ok', 'a parent domain', /^example\.com is/, () => identities({ 'example.com': true })],
  ['sender', 'fault', 'no identity', /no identity for digest@news/, () => identities({})],
  ['sender', 'fault', 'an unverified address', /not ver/, () => identities({ 'digest@news.example.com': false })],
  [
    'sender',
    'warning',
    'a verified domain and an unverified address',
    /^example\.com is verified, digest@/,
    () => identities({ 'digest@news.example.com': false, 'example.com': true }),
  ],
  [
    'configuration-set',
    'fault',
    'a configuration set that is gone',
    /Mails is not there/,
    () => ses.on(GetConfigurationSetCommand).rejects(named('NotFoundException')),
  ],
  [
    'configuration-set',
    'fault',
    'a paused configuration set',
    /paused/,
    () => ses.on(GetConfigurationSetCommand).resolves({ SendingOptions: { SendingEnabled: false } }),
  ],
  ['configuration-set', 'ok', 'no configuration set', /^none/, () => configuration(withoutSet(MAILS))],
  [
    'configuration-set',
    'fault',
    "an identity's default configuration set",
    /default configuration set Other/,
    () => {
      configuration(withoutSet(MAILS));
      identities({ 'example.com': true }, 'Other');
    },
  ],
  ['reserved-concurrency', 'fault', 'no reservation', /nothing is reserved/, reserved()],
  ['reserved-concurrency', 'fault', 'a reservation of 0', /no link/, reserved(0)],
  [
    'account-concurrency',
    'warning',
    'an account with little concurrency left',
    /^9 of the account's 29/,
    () =>
      lambda
        .on(GetAccountSettingsCommand)
        .resolves({ AccountLimit: { ConcurrentExecutions: 29, UnreservedConcurrentExecutions: 9 } }),
  ],
  ['recursion', 'fault', 'a chain that Lambda would end', /Terminate/, recursion('Terminate')],
  ['recursion', 'fault', 'no recursion setting', /Terminate/, recursion()],
  ['async-invocation', 'fault', 'retries', /retries a link 1 /, invocation({ MaximumRetryAttempts: 1 })],
  ['async-invocation', 'fault', 'old events', /21600 sec/, invocation({ MaximumEventAgeInSeconds: undefined })],
  ['async-invocation', 'fault', 'no destination', /died/, invocation({ DestinationConfig: {} })],
  [
    'async-invocation',
    'fault',
    'a function without any such setting',
    /retries a link 2 /,
    () => lambda.on(GetFunctionEventInvokeConfigCommand).rejects(named('ResourceNotFoundException')),
  ],
  ['alarms', 'warning', 'no alarms', /none/, () => alarms()],
  ['alarms', 'warning', 'an alarm switched off', /off: run-failed$/, () => alarms(alarm({ ActionsEnabled: false }))],
  ['alarms', 'warning', 'an alarm that is on', /in alarm: run-f/, () => alarms(alarm({ StateValue: 'ALARM' }))],
  ['alarm-topics', 'warning', 'alarms without a topic', /no topic/, () => alarms(alarm({ AlarmActions: [] }))],
  ['alarm-topics', 'fault', 'a topic without subscriptions', /to Page$/, () => subscriptions()],
  [
    'alarm-topics',
    'fault',
    'subscriptions that nobody has confirmed',
    /1 to be confirmed/,
    () => subscriptions('PendingConfirmation', 'Deleted'),
  ],
  [
    'alarm-topics',
    'ok',
    'a confirmed subscription beside others, on the next page',
    /1 confirmed/,
    () => subscriptions('PendingConfirmation', `${TOPIC}:1`),
  ],
])('%s: %s for %s', async (id, verdict, _, found, given) => {
  given();
  expect(await findingOf(id)).toMatchObject({ verdict, found: expect.stringMatching(found) });
});

it('asks for the alarms of the stack by the name that they have, with no hyphens of its own', async () => {
  await examine(DEPLOYMENT, clients);
  const [call] = cloudWatch.commandCalls(DescribeAlarmsCommand);
  expect(call?.args[0].input.AlarmNamePrefix).toBe('mymails-');
});

it('leaves mail alone where the job sends none', async () => {
  configuration({});
  const checks = (await examine(DEPLOYMENT, clients)).map(({ check }) => check);
  expect(checks).toEqual(checksOf(clients, { sendsMail: false }).map(({ id }) => id));
  expect(ses.calls()).toEqual([]);
});

it('says of each check what it could not look at, why, and which permissions it wants', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({ Environment: { Variables: MAILS } });
  lambda.on(GetFunctionRecursionConfigCommand).rejects(named('AccessDeniedException'));
  ses.on(GetAccountCommand).rejects(named('TimeoutError'));
  expect(await findingOf('recursion')).toEqual({
    check: 'recursion',
    verdict: 'unknown',
    found: 'could not look: AccessDeniedException (no)',
    todo: 'have your role allowed lambda:GetFunctionRecursionConfig',
  });
  expect(await findingOf('sandbox')).toMatchObject({ verdict: 'unknown', todo: expect.stringContaining('AWS_REGION') });
  expect(await findingOf('sender')).toMatchObject({ verdict: 'ok' });
});

it.each([
  ['refused', () => lambda.on(GetFunctionConfigurationCommand).rejects(named('AccessDeniedException'))],
  [
    'encrypted',
    () => lambda.on(GetFunctionConfigurationCommand).resolves({ Environment: { Error: { ErrorCode: 'KMS' } } }),
  ],
])('says that it does not know the sender where the environment is %s', async (_, given) => {
  given();
  expect(await findingOf('mail')).toMatchObject({ verdict: 'unknown', found: expect.stringContaining('the sender') });
});

describe('worker-chains doctor', () => {
  const before = { ...process.env };
  beforeAll(() => Object.assign(process.env, { AWS_REGION: 'eu-west-1' }));
  afterAll(() => {
    process.env = before;
  });

  it('prints a row for each check, and exits with 0 where there is no fault', async () => {
    const { code, stdout } = await heard(['doctor']);
    expect(stdout).toContain(
      'sender                ok       news.example.com is verified for digest@news.example.com\n',
    );
    expect(stdout).toContain('\n11 ok, 0 to be looked at, 0 faults, 0 not known.\n');
    expect(code).toBe(0);
  });

  it('exits with 1 with a fault, and prints JSON', async () => {
    identities({});
    const { code, stdout } = await heard(['doctor', '--json']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { check: string; verdict: string });
    expect(rows.filter(({ verdict }) => verdict === 'fault').map(({ check }) => check)).toEqual(['sender']);
    expect(code).toBe(1);
  });
});

it('docs/deploy.md names every permission that it needs', () => {
  const { text } = readDocument('docs/deploy.md');
  const needs = checksOf(clients, { sendsMail: true }).flatMap((each) => each.needs);
  expect(needs.filter((action) => !text.includes(`\`${action}\``))).toEqual([]);
});
