import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { jobsOf } from '../../cli/dev/jobs';
import { systemClock as clock } from '../../functions/contract/clock';
import { Ledger } from '../../functions/ledger/ledger';
import type { LocalTemplate } from '../../local/template/local-template';
import { Monitor } from '../../page/monitor';
import { synthesizedIn, twoConstructs, twoStacks } from './several-jobs';
import { Account, oneEach, reportOf } from './whole-run';

let directory: string;
let account: Account;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-several-'));
});
afterEach(() => account.close());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const synthesized = (build: (app: App) => void) => synthesizedIn(directory, build);

/** As the command makes it for the page. */
function monitorOf({ template, sfn, documents, engine }: Account): Monitor {
  const [first, ...others] = jobsOf(template).map(({ stateMachine, ledgerTable, runChain }) => ({
    ...stateMachine,
    ledger: new Ledger({ client: documents, tableName: ledgerTable, clock, random: Math.random }),
    chainFunction: runChain.functionName,
  }));
  return new Monitor({
    sfn,
    clock,
    stateMachines: [first!, ...others],
    mails: () => ({ mails: engine.inbox.size }),
    endpoints: {},
  });
}

/** What the schedule of each construct would start now, outside of the schedule. */
function inputsOf(template: LocalTemplate): readonly Record<string, unknown>[] {
  return jobsOf(template).map(({ rule }) => {
    const { scheduledFor: _, ...input } = rule.input(new Date());
    return input;
  });
}

/** Where each has a ledger of its own, two executions may have one name. */
describe.each<[string, (app: App) => void, readonly [string, string]]>([
  ['two constructs in one stack', twoConstructs, ['monday', 'monday']],
  ['two stacks in one app, with one ledger and one table of recipients', twoStacks, ['first-monday', 'second-monday']],
])('%s', (_, build, names) => {
  it('run side by side, each with its own items, its own report and its own place in the list', async () => {
    const template = synthesized(build);
    account = await Account.open({ template });
    await account.subscribe(1, 50);
    const [first = {}, second = {}] = inputsOf(template);
    const arns = await Promise.all([
      account.start({ ...first, ids: { first: 1, last: 20 } }, names[0], 0),
      account.start({ ...second, ids: { first: 21, last: 50 } }, names[1], 1),
    ]);
    const [endedFirst, endedSecond] = await Promise.all(arns.map((arn) => account.ended(arn)));

    expect(reportOf(endedFirst!)).toMatchObject({ runId: names[0], job: 'weekly-digest', planned: 20, done: 20 });
    expect(reportOf(endedSecond!)).toMatchObject({ runId: names[1], job: 'quiet-week', planned: 30, done: 30 });
    expect(account.mails(1, 50)).toEqual(oneEach(1, 50));

    const monitor = monitorOf(account);
    const executions = await monitor.executions();
    expect(executions.map(({ arn, status, job }) => [arn, status, job]).sort()).toEqual(
      [
        [arns[0], 'SUCCEEDED', 'weekly-digest'],
        [arns[1], 'SUCCEEDED', 'quiet-week'],
      ].sort(),
    );
    expect(new Set(executions.map(({ stateMachine }) => stateMachine))).toEqual(
      new Set(template.stateMachines.map(({ name }) => name)),
    );
    const totals = await Promise.all(arns.map(async (arn) => (await monitor.run(arn)).totals.done));
    expect(totals).toEqual([20, 30]);
  });
});
