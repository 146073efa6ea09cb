import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { Failure } from '../../cli/command-line';
import { causeOf, knownRun } from '../../cli/runs/known-run';
import { type Scenario, type Stage, sum } from './scenario';

/** So slow that there is time to stop a run: items per second. */
const SLOW = 8;

/**
 * What is promised, played on whatever target: CI plays all of them on the engine, `npm run smoke` all of them in an account.
 * One after the other, as one run of a job is active at a time. Bounces and complaints are not among them: when AWS tells of
 * those, nobody promises.
 */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a run over a whole table completes, and everything that it read adds up',
    async play(stage) {
      const ids = stage.target.fresh(40).map((id) => `row-${id}`);
      await stage.target.putItems(ids);
      const { executionArn, name } = await stage.start({});
      const report = await stage.report(executionArn);
      ok(report.given >= ids.length, `Expected at least ${ids.length} rows, got ${report.given}.`);
      deepStrictEqual([report.done, report.skipped, report.unprocessed, report.inDoubt], [report.given, 0, 0, 0]);
      strictEqual(await stage.throughOnce(ids), ids.length);
      const chains = await stage.target.ledger.readChains(name);
      ok(chains.every(({ status }) => status === 'finished'));
      const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 });
      const { events = [] } = await stage.target.sfn.send(command);
      strictEqual(events.filter(({ type }) => type === 'MapIterationSucceeded').length, chains.length);
    },
  },
  {
    name: 'mails reach the simulator, once to each, whatever their ids: strings, numbers below 0, the last ones of a chain',
    unseenWithoutInbox:
      'the mailbox simulator has no mailbox: that SES has accepted each mail, and none twice, is the report’s word',
    async play(stage) {
      const [a = 0, b = 0, c = 0, d = 0] = stage.target.fresh(4);
      const mails = [`mail-${a}`, `mail-${b}`, `mail-${c}`];
      const ids = [mails[0] as string, -d, mails[1] as string, `Ωmega-${d}`, String(a), b, mails[2] as string];
      const report = await stage.report((await stage.start({ ids })).executionArn);
      deepStrictEqual([report.planned, report.done, report.unprocessed, report.inDoubt], [7, 7, 0, 0]);
      strictEqual(await stage.throughOnce(ids), 7);
      const { mailsTo } = stage.target;
      if (mailsTo)
        deepStrictEqual(
          mails.map((id) => mailsTo(`success+${id}@simulator.amazonses.com`)),
          [1, 1, 1],
        );
    },
  },
  {
    name: 'a stop ends every chain, and a redrive goes on where they were: nobody twice, nobody forgotten',
    async play(stage) {
      const { ids, executionArn, name } = await stoppedMidway(stage);
      const before = await stage.throughOnce(ids);
      ok(before < ids.length, 'Expected the stop to come before the last item.');
      const chains = await stage.target.ledger.readChains(name);
      ok(chains.every(({ status }) => status === 'interrupted' || status === 'finished'));
      strictEqual(sum(chains.map(({ done }) => done)), before);
      await stage.target.ledger.setRate(name, 200);
      await stage.redrive(executionArn);
      const report = await stage.report(executionArn);
      deepStrictEqual([report.planned, report.done, report.inDoubt], [30, 30, 0]);
      strictEqual(await stage.throughOnce(ids), 30);
    },
  },
  {
    name: 'a stopped run is resumed by a new execution, at a rate of its own',
    async play(stage) {
      const { ids, name } = await stoppedMidway(stage);
      const resumed = await stage.takeUp(name, 'resume', 200);
      const report = await stage.report(resumed.executionArn);
      deepStrictEqual([report.runId, report.planned, report.done, report.inDoubt], [name, 30, 30, 0]);
      strictEqual(await stage.throughOnce(ids), 30);
    },
  },
  {
    name: 'an occurrence that is fired twice is served once',
    async play(stage) {
      const ids = stage.target.fresh(6);
      const [key = 0] = stage.target.fresh(1);
      const input = { job: 'smoke', ids, chains: 1, scheduledFor: new Date(key).toISOString() };
      const arns = await Promise.all(
        ['first', 'second'].map((which) => stage.startExecution(`smoke-${which}-${key}`, input)),
      );
      const ended = await Promise.all(arns.map((arn) => stage.ended(arn)));
      deepStrictEqual(ended.map(({ status }) => status).sort(), ['FAILED', 'SUCCEEDED']);
      // The same moment, spelled differently.
      const scheduledFor = new Date(key + 3_600_000).toISOString().replace('Z', '+01:00');
      const late = await stage.ended(await stage.startExecution(`smoke-third-${key}`, { ...input, scheduledFor }));
      deepStrictEqual([late.status, late.error], ['FAILED', 'Run.AlreadyServed']);
      match(causeOf(late), new RegExp(`${ended.find(({ status }) => status === 'SUCCEEDED')?.name}`));
      strictEqual(await stage.throughOnce(ids), 6);
    },
  },
  {
    name: 'items that are refused are listed by id, and a retry takes up exactly those',
    async play(stage) {
      const [a = 0, b = 0, ...others] = stage.target.fresh(12);
      const refused = [`refused-${a}`, `refused-${b}`];
      const ids = [...others.slice(0, 5), refused[0] as string, ...others.slice(5), refused[1] as string];
      const { executionArn, name } = await stage.start({ ids });
      const report = await stage.report(executionArn);
      deepStrictEqual([report.planned, report.done, report.unprocessed, report.inDoubt], [12, 10, 2, 0]);
      const { items } = await stage.target.ledger.listItems(name);
      deepStrictEqual(items.map(({ id, outcome, code }) => [id, outcome, code]).sort(), [
        [refused[0], 'unprocessed', 'InvalidEmail'],
        [refused[1], 'unprocessed', 'InvalidEmail'],
      ]);
      const retried = await stage.report((await stage.takeUp(name, 'unprocessedOf')).executionArn);
      deepStrictEqual([retried.planned, retried.done, retried.unprocessed], [2, 0, 2]);
      strictEqual(await stage.throughOnce(ids), 10);
    },
  },
  {
    name: 'a run that is paused does nothing until it has a rate again',
    async play(stage) {
      const { ids, executionArn, name } = await begun(stage);
      ok(await stage.target.ledger.setRate(name, 0));
      // What was under way comes through. At this rate 1.5 s have twelve items in them.
      let [before, since] = [-1, Date.now()];
      await stage.target.until('a paused run stands still', async () => {
        const now = await stage.throughOnce(ids);
        if (now !== before) [before, since] = [now, Date.now()];
        return Date.now() - since > 1500;
      });
      ok(before < ids.length, 'Expected the pause to come before the last item.');
      strictEqual((await knownRun(name, stage.target)).execution?.status, 'RUNNING');
      ok(await stage.target.ledger.setRate(name, 200));
      const report = await stage.report(executionArn);
      deepStrictEqual([report.planned, report.done, report.inDoubt], [30, 30, 0]);
      strictEqual(await stage.throughOnce(ids), 30);
    },
  },
  {
    name: 'an input that cannot work is refused in one sentence, before the first item',
    async play(stage) {
      const [id = 0] = stage.target.fresh(1);
      await rejects(stage.start({ ids: [id, String(id)] }), (error: Error) => {
        ok(error instanceof Failure);
        match(error.message, /Run\.InvalidInput: Expected every id of `ids` once, got .* remove the duplicate\.$/);
        return true;
      });
      strictEqual(await stage.throughOnce([id]), 0);
    },
  },
];

/** Thirty items, at work on the first of them. */
async function begun(stage: Stage) {
  const ids = stage.target.fresh(30);
  const started = await stage.start({ ids, rate: SLOW, chunkItems: 5 });
  await stage.reached(ids, 4);
  return { ids, ...started };
}

/** The same, stopped, and nothing of it at work any more. */
async function stoppedMidway(stage: Stage) {
  const run = await begun(stage);
  await stage.stop(run.executionArn);
  strictEqual((await stage.ended(run.executionArn)).status, 'ABORTED');
  await stage.atRest(run.name);
  return run;
}
