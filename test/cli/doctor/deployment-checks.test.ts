import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeRuleCommand, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { GetAccountCommand } from '@aws-sdk/client-sesv2';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { examine } from '../../../cli/doctor/doctor';
import * as healthy from './healthy-deployment';

const {
  cloudFormation,
  configuration,
  definitions,
  drift,
  events,
  MAILS,
  named,
  scheduled,
  scheduler,
  ses,
  sfn,
  world,
} = healthy;

beforeEach(healthy.nothingMissing);

const findingOf = async (id: string, detect = false) =>
  (await examine(healthy.DEPLOYMENT, healthy.clients, { detect })).find(({ check }) => check === id);

const rule = (more: object) => () => {
  scheduler.on(ListSchedulesCommand).resolves({});
  events.on(ListRuleNamesByTargetCommand).resolves({ RuleNames: ['Rule'] });
  events.on(DescribeRuleCommand).resolves({ State: 'ENABLED', ScheduleExpression: 'cron(0 9 ? * MON *)', ...more });
};
const definition = (text: string) => sfn.on(DescribeStateMachineCommand).resolves({ definition: text });
const committed = () => JSON.parse(definitions.committed) as { States: Record<string, object> };
const page =
  (status: number, type = 'text/html; charset=utf-8') =>
  () => {
    world.endpoint = async () => new Response('', { status, headers: { 'content-type': type } });
  };
const quota = (Max24HourSend: number) => () =>
  ses.on(GetAccountCommand).resolves({ ...healthy.ACCOUNT, SendQuota: { ...healthy.QUOTA, Max24HourSend } });

it.each<[string, string, string, RegExp, () => unknown]>([
  [
    'schedule',
    'ok',
    'its next moment, in its zone',
    /^weekly: .* Europe\/Berlin, next Mon 2026-10-26 09:00 Eur/,
    () => {},
  ],
  [
    'schedule',
    'warning',
    'one that is off',
    /^weekly: off, cron\(0 9 .* Europe/,
    () => scheduled({ State: 'DISABLED' }),
  ],
  [
    'schedule',
    'ok',
    'a zone by default',
    / UTC, next Mon 2026-10-26 09:00 UTC/,
    () => scheduled({ ScheduleExpressionTimezone: undefined }),
  ],
  [
    'schedule',
    'ok',
    'a rate',
    /rate\(7 days\) .*counted from its depl/,
    () => scheduled({ ScheduleExpression: 'rate(7 days)' }),
  ],
  [
    'schedule',
    'ok',
    'one that is over',
    /with no moment left/,
    () => scheduled({ ScheduleExpression: 'at(2026-01-01T00:00:00)' }),
  ],
  [
    'schedule',
    'ok',
    'a range that we do not read',
    /next unknown \(Exp/,
    () => scheduled({ ScheduleExpression: 'cron(0 9 ? * SAT-MON *)' }),
  ],
  ['schedule', 'ok', 'a rule', /^Rule: cron\(0 9 \? \* MON \*\) UTC, next Mon/, rule({})],
  ['schedule', 'warning', 'a rule that is off', /^Rule: off/, rule({ State: 'DISABLED' })],
  ['schedule', 'warning', 'a rule for events alone', /nothing starts/, rule({ ScheduleExpression: undefined })],
  ['drift', 'ok', 'no difference', /no difference to the template at 2026-10-01 08:00 UTC/, () => {}],
  ['drift', 'unknown', 'a stack never compared', /nobody has/, () => drift({ StackDriftStatus: 'NOT_CHECKED' })],
  ['drift', 'warning', 'a failed update', /UPDATE_ROLLBACK_COMPLETE/, () => drift({}, 'UPDATE_ROLLBACK_COMPLETE')],
  ['state-machine', 'ok', 'the definition of this version', /that of worker-chains \d/, () => {}],
  [
    'state-machine',
    'ok',
    'the definition of chains that are executions',
    /that of worker-chains \d/,
    () => {
      configuration({ ...MAILS, MAP_MODE: 'distributed' });
      definition(definitions.distributed);
    },
  ],
  [
    'state-machine',
    'warning',
    'one of the other kind',
    /RunChains, FinishChains|FinishChains, RunChains|RunChains/,
    () => definition(definitions.distributed),
  ],
  [
    'state-machine',
    'warning',
    'a state more, one otherwise and a setting',
    /: settings, ReconcileRun, Added$/,
    () => {
      const { States, ...settings } = committed();
      const changed = { ...States, ReconcileRun: { ...States.ReconcileRun, TimeoutSeconds: 1 }, Added: {} };
      definition(JSON.stringify({ ...settings, TimeoutSeconds: 5, States: changed }));
    },
  ],
  ['unsubscribing', 'ok', 'the endpoint that is deployed', /^abc\.lambda-url\.eu-west-1\.on\.aws answers/, () => {}],
  ['unsubscribing', 'fault', 'one that cannot read its secret', /503/, page(503)],
  ['unsubscribing', 'fault', 'a URL that nobody may invoke', /403/, page(403, 'application/json')],
  ['unsubscribing', 'fault', 'a URL that is gone', /404/, page(404, 'application/json')],
  ['unsubscribing', 'fault', 'one that takes anything', /200/, page(200)],
  ['unsubscribing', 'fault', 'what refuses without a page', /400/, page(400, 'application/json')],
  [
    'unsubscribing',
    'unknown',
    'no answer',
    /ENOTFOUND/,
    () => (world.endpoint = () => Promise.reject(named('ENOTFOUND'))),
  ],
  ['items', 'ok', 'a run that would fit', /last, had 38000 items, and runs may use 39000 more/, () => {}],
  ['items', 'warning', 'a run that would not', /only 37400 more .* refused/, quota(48_000)],
  ['items', 'ok', 'no quota of a day', /any number/, quota(-1)],
  ['items', 'ok', 'a first run', /no run has been/, () => (world.runs = {})],
  [
    'items',
    'ok',
    'a source that does not know',
    /had about 34000/,
    () => Object.assign(world.chains[1]!, { items: undefined }),
  ],
  [
    'reserved-concurrency',
    'warning',
    'another reservation',
    /told 30/,
    () => configuration({ ...MAILS, CONCURRENT_LINKS: '30' }),
  ],
])('%s: %s for %s', async (id, verdict, _, found, given) => {
  given();
  expect(await findingOf(id)).toMatchObject({ verdict, found: expect.stringMatching(found) });
});

it('asks the endpoint with a link that is none, once, by GET', async () => {
  await findingOf('unsubscribing');
  expect(world.asked).toEqual(['https://abc.lambda-url.eu-west-1.on.aws/?t=doctor']);
});

it('asks CloudFormation to compare only with --drift, and waits until it has', async () => {
  await findingOf('drift');
  expect(cloudFormation.commandCalls(DetectStackDriftCommand)).toEqual([]);
  cloudFormation.on(DetectStackDriftCommand).resolves({ StackDriftDetectionId: 'id' });
  cloudFormation
    .on(DescribeStackDriftDetectionStatusCommand)
    .resolvesOnce({ DetectionStatus: 'DETECTION_IN_PROGRESS' })
    .resolvesOnce({ DetectionStatus: 'DETECTION_IN_PROGRESS' })
    .resolves({ DetectionStatus: 'DETECTION_COMPLETE' });
  drift({ StackDriftStatus: 'DRIFTED' });
  const PropertyDifferences = ['/A', '/B', '/C', '/D'].map((PropertyPath) => ({ PropertyPath }));
  cloudFormation.on(DescribeStackResourceDriftsCommand).callsFake(({ NextToken }) =>
    NextToken === undefined
      ? {
          StackResourceDrifts: [{ LogicalResourceId: 'Fn', StackResourceDriftStatus: 'MODIFIED', PropertyDifferences }],
          NextToken: '1',
        }
      : { StackResourceDrifts: [{ LogicalResourceId: 'Queue', StackResourceDriftStatus: 'DELETED' }] },
  );
  const before = world.now;
  expect(await findingOf('drift', true)).toMatchObject({
    verdict: 'warning',
    found: expect.stringMatching(/: Fn \/A, \/B, \/C and 1 more; Queue is gone$/),
  });
  expect(world.now - before).toBe(10_000);
});

it.each([
  [
    'gives up',
    { DetectionStatus: 'DETECTION_FAILED', DetectionStatusReason: 'denied' } as const,
    /could not compare: denied/,
  ],
  ['takes more than 15 minutes', { DetectionStatus: 'DETECTION_IN_PROGRESS' } as const, /not through after 15 min/],
])('says that it does not know where CloudFormation %s', async (_, status, found) => {
  cloudFormation.on(DetectStackDriftCommand).resolves({ StackDriftDetectionId: 'id' });
  cloudFormation.on(DescribeStackDriftDetectionStatusCommand).resolves(status);
  expect(await findingOf('drift', true)).toMatchObject({ verdict: 'unknown', found: expect.stringMatching(found) });
});
