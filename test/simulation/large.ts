import { type Job, skip } from '../../functions/contract/job';
import type { ItemId, RunReport } from '../../functions/contract/payloads';
import { idRange } from '../../functions/sources/id-range';
import { drawScenario } from './scenario';
import { SEND_SHARE, World } from './world';

/** What must not grow with the number of items, and what may. */
export interface LargeRun {
  readonly items: number;
  readonly chains: number;
  readonly links: number;
  readonly virtualSeconds: number;
  /** Events in the execution's history. */
  readonly historyEvents: number;
  /** Characters of the largest input or output in the history. */
  readonly largestPayload: number;
  /** Items in the ledger at the end. */
  readonly ledgerItems: number;
}

/** Nothing is sent: what is looked at is what the orchestration costs. */
const job: Job = {
  name: 'simulated',
  source: idRange(),
  delivery: 'at-most-once',
  tolerate: { unprocessed: 0 },
  load: async (ids: readonly ItemId[]) => new Map(ids.map((id) => [id, id])),
  process: () => skip('counted'),
};

/** Runs `items` ids over `chains` chains in virtual time, without faults, and measures what it left behind. */
export async function largeRun(
  items: number,
  chains: number,
  onProgress?: (virtualSeconds: number) => void,
): Promise<LargeRun> {
  const scenario = drawScenario(1, {
    items,
    chains,
    heartbeatSeconds: 30,
    maxSendRate: 1_000_000,
    dailyQuota: Math.ceil(items / SEND_SHARE),
    faults: {},
  });
  const world = new World(scenario, { job });
  await world.createStateMachine();
  const startedAt = world.clock.now();
  const input = { job: 'simulated', ids: { first: 1, last: items }, chains, rate: 1_000_000, chunkItems: 100 };
  const executionArn = await world.start('large', input);
  let ended = await world.describe(executionArn);
  while (ended.status === 'RUNNING') {
    await world.clock.advance(10_000);
    world.reports.length = 0;
    ended = await world.describe(executionArn);
    onProgress?.((world.clock.now() - startedAt) / 1000);
  }
  if (ended.status !== 'SUCCEEDED') throw new Error(`Expected the run to succeed, got ${ended.error}: ${ended.cause}`);
  const report = JSON.parse(ended.output as string) as RunReport;
  if (report.skipped !== items) throw new Error(`Expected ${items} items to be counted, got ${report.skipped}.`);
  const { events } = (await world.stepFunctions.handle('GetExecutionHistory', { executionArn, maxResults: 1000 })) as {
    events: readonly object[];
  };
  return {
    items,
    chains,
    links: report.links,
    virtualSeconds: report.elapsedSeconds,
    historyEvents: events.length,
    largestPayload: Math.max(...events.flatMap((event) => payloads(event).map((payload) => payload.length))),
    ledgerItems: world.dynamoDb.size(),
  };
}

/** Every input, output and parameters text in an event. */
function payloads(event: object): string[] {
  return Object.values(event)
    .filter((details): details is Record<string, unknown> => typeof details === 'object' && details !== null)
    .flatMap(({ input, output, parameters }) => [input, output, parameters])
    .filter((text) => typeof text === 'string');
}
