import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
} from '@aws-sdk/client-lambda';
import { GetAccountCommand, GetConfigurationSetCommand } from '@aws-sdk/client-sesv2';
import { checksOf, examine } from '../../../cli/doctor/doctor';
import { readDocument } from '../../docs/documents';
import { heard } from '../in-process';
import {
  ACCOUNT,
  ASYNC,
  alarm,
  alarms,
  clients,
  cloudWatch,
  configuration,
  DEPLOYMENT,
  identities,
  lambda,
  MAILS,
  named,
  nothingMissing,
  QUOTA,
  ses,
  subscriptions,
  TOPIC,
} from './healthy-deployment';

const QUICK = { detect: false };

beforeEach(nothingMissing);

const findingOf = async (id: string) => (await examine(DEPLOYMENT, clients, QUICK)).find(({ check }) => check === id);

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
  ['async-invocation', 'fault', 'retries', /retries a link once /, invocation({ MaximumRetryAttempts: 1 })],
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

it('asks for the alarms of the stack, and of no other whose name begins like its own', async () => {
  await examine(DEPLOYMENT, clients, QUICK);
  const [call] = cloudWatch.commandCalls(DescribeAlarmsCommand);
  expect(call?.args[0].input.AlarmNamePrefix).toBe('my-mails.');
});

it('leaves mail alone where the job sends none', async () => {
  configuration({});
  const checks = (await examine(DEPLOYMENT, clients, QUICK)).map(({ check }) => check);
  expect(checks).toEqual(
    checksOf(clients, { sendsMail: false, hasEndpoint: false, detect: false }).map(({ id }) => id),
  );
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
  beforeEach(() => {
    jest.spyOn(globalThis, 'fetch').mockImplementation((url) => clients.fetch(String(url)));
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => {
    process.env = before;
  });

  it('prints a row for each check, and exits with 0 where there is no fault', async () => {
    const { code, stdout } = await heard(['doctor']);
    expect(stdout).toContain(
      'sender                ok       news.example.com is verified for digest@news.example.com\n',
    );
    expect(stdout).toContain('\n16 ok, 0 to be looked at, 0 faults, 0 not known.\n');
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
  const needs = checksOf(clients, { sendsMail: true, hasEndpoint: true, detect: true }).flatMap((each) => each.needs);
  expect(needs.filter((action) => !text.includes(`\`${action}\``))).toEqual([]);
});
