import { Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { WorkerChainsDashboard } from '../../cdk/shared-dashboard';
import { WorkerChainsStack } from '../../cdk/stack';
import { WorkerChains } from '../../cdk/worker-chains';
import { METRICS, METRICS_NAMESPACE } from '../../functions/contract/names';
import { emitted } from '../functions/emitted-metrics';
import { GIVEN, resourceOf, shippedStack, Template, unbundledApp } from './stacks';

interface Options {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly visible?: boolean;
}

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly markdown?: string;
    readonly endpoint?: string;
    readonly updateOn?: object;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly (string | Options)[])[];
  };
}

/** The dashboard's body, each reference in it replaced by the logical id that it names. */
function widgetsOf(template: Template, id = 'WeeklyDigestDashboard'): readonly Widget[] {
  const [, dashboard] = resourceOf(template, 'AWS::CloudWatch::Dashboard', id);
  const body = dashboard.Properties.DashboardBody as { 'Fn::Join': [string, readonly unknown[]] };
  const [, parts] = body['Fn::Join'];
  const text = parts.map((part) => {
    if (typeof part === 'string') return part;
    const [target] = Object.values(part as Record<string, unknown>).flat();
    return target;
  });
  return (JSON.parse(text.join('')) as { widgets: Widget[] }).widgets;
}

const seriesOf = (shown: readonly Widget[]) =>
  shown.flatMap(({ properties }) =>
    (properties.metrics ?? []).map((entry) => ({
      title: properties.title,
      names: entry.filter((part): part is string => typeof part === 'string'),
      options: entry.find((part): part is Options => typeof part === 'object') ?? {},
    })),
  );

const template = Template.fromStack(shippedStack());
const widgets = widgetsOf(template);
const series = seriesOf(widgets);

it('shows what an operator asks about', () => {
  expect(widgets.map(({ properties }) => properties.title ?? properties.markdown)).toEqual([
    expect.stringMatching(/^# weekly-digest\n\[Executions\]\(https:\S+\).* \[Runbook\]\(https:\S+operations.md\)$/),
    '## Is it running?',
    'Alarms',
    'The last runs',
    'Runs',
    'Live chains',
    '## Is it on pace?',
    'Throughput against budget and quota',
    'Throttles',
    'Duration of runs, and the daily quota before them',
    'Links',
    'Handoff',
    'Speed of a link',
    '## Who did not get it?',
    'Outcomes',
    'What reconciled runs leave behind',
    'What became of mails',
    "Shares of a run's mails",
    '## What does it cost?',
    'Estimated spend, US$ per hour at the list prices of us-east-1',
    'Ledger',
  ]);
});

it('shows the state of every alarm', () => {
  const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
  const shown = widgets.find(({ properties }) => properties.title === 'Alarms')?.properties.alarms ?? [];
  expect([...shown].sort()).toEqual(alarms.sort());
});

describe('the last runs', () => {
  const FUNCTION = 'AWS::Lambda::Function';
  const showingOf = (shown: readonly Widget[]) =>
    shown.filter(({ properties }) => properties.title === 'The last runs');

  it('are what the function ShowRuns answers when the dashboard is refreshed', () => {
    const [id, { Properties }] = resourceOf(template, FUNCTION, 'WeeklyDigestLastRunsShowRuns');
    expect(showingOf(widgets)).toEqual([
      expect.objectContaining({
        type: 'custom',
        properties: {
          title: 'The last runs',
          endpoint: id,
          updateOn: { refresh: true, resize: false, timeRange: false },
        },
      }),
    ]);
    const { Variables } = Properties.Environment as { readonly Variables: object };
    expect(Variables).toMatchObject({
      STATE_MACHINE: {
        Ref: resourceOf(template, 'AWS::StepFunctions::StateMachine', 'WeeklyDigestRunsStateMachine')[0],
      },
      LEDGER_TABLE: { Ref: resourceOf(template, 'AWS::DynamoDB::Table', 'WeeklyDigestLedgerTable')[0] },
      JOB: 'weekly-digest',
    });
  });

  it('need no function where no dashboard shows them, and come with one that is made later', () => {
    const stack = new Stack(unbundledApp(), 'Later');
    const chains = new WorkerChains(stack, 'Digest', {
      job: 'examples/weekly-digest/job.ts',
      ids: { first: 1, last: 3 },
      schedule: Schedule.rate(Duration.days(1)),
      dashboard: false,
    });
    chains.grantWatch(new Role(stack, 'Early', { assumedBy: new AccountRootPrincipal() }));
    expect(stack.node.findAll().map(({ node }) => node.id)).not.toContain('ShowRuns');
    const dashboards = new Stack(stack.node.root, 'Dashboards');
    for (const id of ['One', 'Other']) new WorkerChainsDashboard(dashboards, id, { jobs: [chains] });
    chains.grantWatch(new Role(stack, 'Late', { assumedBy: new AccountRootPrincipal() }));

    const later = Template.fromStack(stack);
    const [id] = resourceOf(later, FUNCTION, 'DigestLastRunsShowRuns');
    for (const person of ['Early', 'Late']) {
      const [, policy] = resourceOf(later, 'AWS::IAM::Policy', `${person}DefaultPolicy`);
      expect((policy.Properties.PolicyDocument as { readonly Statement: object }).Statement).toContainEqual({
        ...{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [id, 'Arn'] } },
      });
    }
    for (const one of ['OneDashboard', 'OtherDashboard']) {
      const [shown] = showingOf(widgetsOf(Template.fromStack(dashboards), one));
      expect(shown?.properties.endpoint).toMatch(new RegExp(`ExportsOutputFnGetAtt${id}Arn`));
    }
  });
});

it('of several jobs has rows for each, with links to its executions', () => {
  const stack = new Stack(unbundledApp(), 'Several');
  const jobs = ['Digest', 'Again'].map(
    (id) =>
      new WorkerChains(stack, id, {
        job: 'examples/weekly-digest/job.ts',
        ids: { first: 1, last: 3 },
        schedule: Schedule.rate(Duration.days(1)),
        dashboard: false,
      }),
  );
  new WorkerChainsDashboard(stack, 'Jobs', { jobs });
  const both = Template.fromStack(stack);
  both.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  const shown = widgetsOf(both, 'JobsDashboard').map(({ properties }) => properties.title ?? properties.markdown);
  const ofOne = [
    expect.stringContaining('[Executions](https:'),
    ...['Alarms', 'Runs', 'The last runs', 'Throughput against budget and quota', 'What reconciled runs leave behind'],
  ];
  expect(shown).toEqual([...ofOne, ...ofOne]);
  expect(() => new WorkerChainsDashboard(stack, 'None', { jobs: [] })).toThrow('at least one WorkerChains, got none');
});

it('shows only metrics of its own that the handlers emit, and leaves none out', () => {
  const own = series
    .map(({ names }) => names)
    .filter(([namespace]) => namespace === METRICS_NAMESPACE)
    .map(([namespace, name, ...pairs]) => {
      const dimensions: Record<string, string> = {};
      for (let index = 0; index < pairs.length; index += 2) dimensions[pairs[index]!] = pairs[index + 1]!;
      return { namespace, name, dimensions };
    });
  for (const metric of own) expect(emitted()).toContainEqual(metric);
  // A runaway, a spent quota, a closed budget or a suppressed share is an alarm, not a curve.
  const shown = new Set(own.map(({ name }) => name));
  const hidden = Object.values(METRICS).filter((name) => !shown.has(name));
  expect(hidden).toEqual([
    ...[METRICS.chainsRunaway, METRICS.chainsOutOfQuota],
    ...[METRICS.budgetClosedSeconds, METRICS.runSuppressedShare],
  ]);
});

it('shares no dimensions of its own metrics with a second stack of the app that runs the same job', () => {
  const app = unbundledApp();
  const stacks = ['Blue', 'Green'].map((name) => new WorkerChainsStack(app, name, GIVEN));
  const [blue, green] = stacks.map((stack) => {
    const shown = seriesOf(widgetsOf(Template.fromStack(stack))).filter(({ names }) => names[0] === METRICS_NAMESPACE);
    return new Set(shown.map(({ names }) => names.slice(2).join(' ')));
  });
  expect(blue!.size).toBeGreaterThan(0);
  expect(green!.size).toBe(blue!.size);
  expect([...blue!].filter((dimensions) => green!.has(dimensions))).toEqual([]);
});

it('prices what drives the bill of a run', () => {
  const spend = series.filter(({ title, options }) => title.startsWith('Estimated spend') && options.expression);
  expect(spend.map(({ options }) => [options.label, options.expression])).toEqual([
    ['mails', expect.stringMatching(/^mails \* 0\.0001$/)],
    // 512 MiB: half a GB-second costs 0.0000066667 US$, Duration is in milliseconds.
    ['chain function', expect.stringMatching(/^duration \* 0\.0000000066667/)],
    ['invocations', expect.stringMatching(/^invocations \* 0\.0000002/)],
    ['ledger writes', expect.stringMatching(/^writes \* 0\.000000625/)],
    ['ledger reads', expect.stringMatching(/^reads \* 0\.000000125/)],
    ['logs', expect.stringMatching(/^bytes \* 0\.00000000046566/)],
  ]);
});

it('computes only from metrics in the same widget', () => {
  for (const { title, options } of series) {
    const ids = options.expression?.match(/\b[a-z]\w*\b/g) ?? [];
    const known = series.filter((other) => other.title === title).map((other) => other.options.id);
    for (const id of ids) expect(known).toContain(id);
  }
});

it('is left out on request', () => {
  const stack = new Stack(unbundledApp(), 'Test');
  new WorkerChains(stack, 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    ids: { first: 1, last: 3 },
    schedule: Schedule.rate(Duration.days(1)),
    dashboard: false,
  });
  Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
});
