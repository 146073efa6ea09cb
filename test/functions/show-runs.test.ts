import { type ExecutionListItem, type ExecutionStatus, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { ChainRecord, RunRecord } from '../../functions/ledger/records';
import { handler } from '../../functions/show-runs';
import { sdkError } from '../support/sdk-errors';
import { aChain, LEDGER_TABLE, storeRun } from './chain/fixture';
import { dynamoDb, freshTables, Output, sfn } from './handler-world';

const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:digest';
const arnOf = (name: string) => `arn:aws:states:eu-west-1:123456789012:execution:digest:${name}`;
const PAGE = 'https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/';
const NINE = Date.UTC(2026, 0, 5, 9);
Object.assign(process.env, { [ENVIRONMENT.stateMachine]: MACHINE, [ENVIRONMENT.job]: 'greeting' });

const output = new Output();
let world: ReturnType<typeof freshTables>;

beforeEach(() => {
  output.listen();
  world = freshTables();
});
afterEach(() => jest.restoreAllMocks());

function executed(
  name: string,
  status: ExecutionStatus,
  { seconds, ...change }: { readonly seconds?: number; readonly redriveCount?: number } = {},
): ExecutionListItem {
  const stopDate = seconds === undefined ? undefined : new Date(NINE + seconds * 1000);
  return {
    ...{ executionArn: arnOf(name), stateMachineArn: MACHINE, name, status, startDate: new Date(NINE), stopDate },
    ...change,
  };
}

function listed(...executions: readonly ExecutionListItem[]): void {
  sfn.on(ListExecutionsCommand, { stateMachineArn: MACHINE, maxResults: 20 }).resolves({ executions: [...executions] });
}

async function aRunOf(runId: string, chain: Partial<ChainRecord>, change: Partial<RunRecord> = {}): Promise<void> {
  await storeRun(world.ledger, { runId, executionArn: arnOf(runId), ...change });
  const Item = { ...aChain({ runId, ...chain }), pk: `run#${runId}`, sk: 'chain#0000' };
  await world.tables.handle('Put', { TableName: LEDGER_TABLE, Item });
}

const shownAt = (offsetISO?: string) => handler({ widgetContext: { timezone: { offsetISO } } } as never);

/** The cells of each line, as text. */
function linesOf(table: string): readonly (readonly string[])[] {
  return [...table.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
  );
}

const linksIn = (table: string) => [...table.matchAll(/<a href="([^"]*)">/g)].map(([, address]) => address);
const NOTHING = ['–', '–', '–', '–', '–'];

describe('ShowRuns', () => {
  it('lists a run that is on, one that has ended and one that was never begun, each a link to its execution', async () => {
    listed(
      executed('today', 'RUNNING'),
      executed('monday', 'SUCCEEDED', { seconds: 245 }),
      executed('refused', 'FAILED', { seconds: 2 }),
    );
    await aRunOf('today', { done: 1200, inDoubt: 1 }, { plan: { start: 1, end: 2, estimate: 60_000 } });
    await aRunOf('monday', { done: 90, skipped: 7, unprocessed: 3 });
    jest.useFakeTimers({ now: NINE + 3 * 3_600_000 + 12 * 60_000, doNotFake: ['nextTick', 'setImmediate'] });
    const table = await shownAt('+00:00').finally(() => jest.useRealTimers());

    expect(linesOf(table)).toEqual([
      ['Run', 'Status', 'Started (UTC)', 'Took', 'Planned', 'Done', 'Skipped', 'Unprocessed', 'In doubt', 'Note'],
      ['today', 'RUNNING', '2026-01-05 09:00:00', '3 h 12 min', 'about 60,000', '1,200', '0', '0', '1', ''],
      ['monday', 'SUCCEEDED', '2026-01-05 09:00:00', '4 min 05 s', '100', '90', '7', '3', '0', ''],
      ['refused', 'FAILED', '2026-01-05 09:00:00', '2.0 s', ...NOTHING, ''],
    ]);
    expect(linksIn(table)).toEqual(['today', 'monday', 'refused'].map((name) => PAGE + arnOf(name)));
    expect(output.raw).toBe('');
  });

  it.each([
    ['+02:00', 'Started (UTC+02:00)', '2026-01-05 11:00:00'],
    ['-03:30', 'Started (UTC-03:30)', '2026-01-05 05:30:00'],
    ['Z', 'Started (UTC)', '2026-01-05 09:00:00'],
  ])('shows times by the clock of a dashboard at %s', async (offset, head, started) => {
    listed(executed('monday', 'SUCCEEDED', { seconds: 1 }));
    const [heads, line] = linesOf(await shownAt(offset));
    expect([heads?.[2], line?.[2]]).toEqual([head, started]);
  });

  it('shows UTC to who invokes it without a dashboard', async () => {
    listed(executed('monday', 'SUCCEEDED', { seconds: 1 }));
    expect(linesOf(await handler({}))[1]?.[2]).toBe('2026-01-05 09:00:00');
  });

  it('escapes whatever a name holds, in the link and in its text', async () => {
    const name = `<script>alert("1")</script>'&`;
    listed(executed(name, 'RUNNING'), executed('later', 'RUNNING'));
    await aRunOf(name, {}, { executionArn: arnOf('later') });
    const table = await shownAt();
    const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;';
    expect(table).toContain(`<a href="${PAGE}${arnOf(escaped)}">${escaped}</a>`);
    expect(table).toContain(`goes on with ${escaped}`);
    expect(table).not.toMatch(/<script|"1"|'/);
  });

  it('says which execution has a run now, and shows the figures there', async () => {
    listed(executed('second', 'SUCCEEDED', { seconds: 60 }), executed('first', 'ABORTED', { seconds: 9 }));
    await aRunOf('first', { done: 100 }, { executionArn: arnOf('second') });
    const [, second, first] = linesOf(await shownAt());
    expect(second?.slice(4)).toEqual(['100', '100', '0', '0', '0', 'goes on with first']);
    expect(first?.slice(4)).toEqual([...NOTHING, 'taken up by second']);
  });

  it('says of a run that it is dry, was redriven, is paused', async () => {
    listed(executed('today', 'RUNNING', { redriveCount: 2 }), executed('monday', 'SUCCEEDED', { redriveCount: 1 }));
    await aRunOf('today', {}, { rate: 0 });
    await aRunOf('monday', {}, { rate: 0, dryRun: true });
    expect(linesOf(await shownAt()).map((cells) => cells.at(-1))).toEqual([
      ...['Note', 'redriven 2 times, paused', 'dry run, redriven once'],
    ]);
  });

  it('takes no run of another job of the ledger for that of an execution with its name', async () => {
    listed(executed('monday', 'FAILED', { seconds: 2 }));
    await aRunOf('monday', { done: 50 }, { job: 'statement' });
    expect(linesOf(await shownAt())[1]?.slice(4)).toEqual([...NOTHING, '']);
  });

  it('asks once for the list, and for no more runs than it lists', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `run-${index}`);
    listed(...names.map((name) => executed(name, 'SUCCEEDED', { seconds: 1 })));
    for (const name of names.slice(0, 5)) await aRunOf(name, {});
    dynamoDb.resetHistory();
    await shownAt();
    expect(sfn.calls()).toHaveLength(1);
    expect(dynamoDb.commandCalls(GetCommand)).toHaveLength(20);
    expect(dynamoDb.commandCalls(QueryCommand)).toHaveLength(5);
    expect(dynamoDb.calls()).toHaveLength(25);
  });

  it('asks again for a list that is refused for its rate', async () => {
    const executions = [executed('monday', 'SUCCEEDED', { seconds: 1 })];
    sfn.on(ListExecutionsCommand).rejectsOnce(sdkError('ThrottlingException', 400)).resolves({ executions });
    expect(linesOf(await shownAt())).toHaveLength(2);
  });

  it('says that there is no run yet', async () => {
    listed();
    expect(await shownAt()).toBe('<p>There is no run: Step Functions knows of none in the last 90 days.</p>');
  });

  it('shows the executions where the ledger cannot be read, and says that it cannot', async () => {
    listed(executed('monday', 'SUCCEEDED', { seconds: 60 }));
    dynamoDb.reset();
    dynamoDb.onAnyCommand().rejects(sdkError('AccessDeniedException', 400));
    const table = await shownAt();
    expect(table).toContain('<p>The ledger did not say everything: figures are missing. ');
    expect(linesOf(table)[1]).toEqual(['monday', 'SUCCEEDED', '2026-01-05 09:00:00', '1 min 00 s', ...NOTHING, '']);
    expect(linksIn(table)).toEqual([PAGE + arnOf('monday')]);
    expect(output.logs).toMatchObject([{ level: 'ERROR', message: 'widget of the last runs' }]);
  });

  it('keeps what was planned where only the chains cannot be read', async () => {
    listed(executed('monday', 'SUCCEEDED', { seconds: 60 }));
    await aRunOf('monday', { done: 100 });
    dynamoDb.on(QueryCommand).rejects(sdkError('ValidationException', 400));
    const table = await shownAt();
    expect(table).toContain('figures are missing');
    expect(linesOf(table)[1]?.slice(4)).toEqual(['100', '–', '–', '–', '–', '']);
  });

  it('answers one sentence where the executions cannot be listed, and no stack trace', async () => {
    sfn
      .on(ListExecutionsCommand)
      .rejects(sdkError('AccessDeniedException', 400, 'User <b>zoe@example.com</b> is not authorized'));
    expect(await shownAt()).toBe(
      `<p>The runs could not be listed (AccessDeniedException: User &lt;b&gt;&lt;address&gt;&lt;/b&gt; is not authorized): the log of this widget's function has more.</p>`,
    );
    expect(output.logs).toMatchObject([{ level: 'ERROR', message: 'widget of the last runs' }]);
    expect(dynamoDb.calls()).toEqual([]);
  });

  it('tells an editor of the dashboard what it shows, and asks nobody for it', async () => {
    const text = await handler({ describe: true });
    expect(text).toMatch(/^## The last runs\n/);
    expect(text).not.toContain('<');
    expect([...sfn.calls(), ...dynamoDb.calls()]).toEqual([]);
  });
});
