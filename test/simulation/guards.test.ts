import { Callbacks } from '../../functions/chain/callbacks';
import { Chain } from '../../functions/chain/chain';
import { ChunkLoop } from '../../functions/chain/chunk-loop';
import { InFlight } from '../../functions/chain/in-flight';
import { Lease } from '../../functions/chain/lease';
import { Pace } from '../../functions/chain/pace';
import { PartitionReader } from '../../functions/chain/partition-reader';
import type { recoverClaims } from '../../functions/chain/recovery';
import { Tolerance, type ToleranceOptions } from '../../functions/chain/tolerance';
import { Refusal, WorkerChainsError } from '../../functions/contract/errors';
import type { Job } from '../../functions/contract/job';
import { ERROR_CODES } from '../../functions/contract/names';
import type { Counts } from '../../functions/contract/outcomes';
import type { LinkEvent } from '../../functions/contract/payloads';
import type { Source } from '../../functions/contract/source';
import { ItemHours } from '../../functions/effects/item-hours';
import { refusalFrom } from '../../functions/email/refusal';
import { Claims } from '../../functions/ledger/claims';
import { Ledger } from '../../functions/ledger/ledger';
import { LedgerTable } from '../../functions/ledger/ledger-table';
import { Postponed } from '../../functions/ledger/postponed';
import type { ClaimKey } from '../../functions/ledger/records';
import { Executions } from '../../functions/run/executions';
import { idRange } from '../../functions/sources/id-range';
import { ledgerIn } from '../../functions/wiring/surroundings';
import { NO_CIRCUMSTANCES } from './circumstances';
import { simulate } from './run';
import type { ScenarioShape } from './scenario';
import type { PromiseName } from './violation';
import type { WorldOptions } from './world';

/** Every call that is repeated goes through this one function; without patience it is made once. */
const mockPatience = { isGone: false };
jest.mock('../../functions/contract/retry', () => {
  const { retry } = jest.requireActual('../../functions/contract/retry');
  return {
    retry: (call: () => Promise<unknown>, options: object) => (mockPatience.isGone ? call() : retry(call, options)),
  };
});

/** What is done instead of recovering the claims of a dead link. */
const mockRecovery: { instead?: typeof recoverClaims } = {};
jest.mock('../../functions/chain/recovery', () => {
  const actual = jest.requireActual('../../functions/chain/recovery');
  return {
    ...actual,
    recoverClaims: (options: object) => (mockRecovery.instead ?? actual.recoverClaims)(options),
  };
});

/** Seeds that a removed guard must be found within. */
const SEEDS = 600;

/** A guard of the product: what it keeps, and how it is taken out. */
interface Guard {
  readonly name: string;
  /** Promises that break without it: the first violation that is found names one of them. */
  readonly breaks: readonly PromiseName[];
  readonly remove: () => void;
  readonly world?: () => WorldOptions;
  /** Circumstances in which the guard matters often. */
  readonly shape?: ScenarioShape;
  /** The seed that found it last, with which the search begins. @default 1 */
  readonly firstSeed?: number;
}

type Anything = Record<string, (...given: never[]) => unknown>;

/** Replaces a method, the private ones included: that is what a guard is made of. */
function replace<Class extends object>(
  prototype: Class,
  method: string,
  by: (this: Class, ...given: never[]) => unknown,
) {
  jest.spyOn(prototype as Anything, method as never).mockImplementation(by as never);
}

/** What `Tolerance.guard` works with. */
interface GuardedRun {
  readonly options: ToleranceOptions;
  failuresJudged: number;
}

/** A job with some ordinary failures, well within what it tolerates. */
function oneInTenFails(): Job {
  return {
    name: 'simulated',
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 0.3 },
    load: async (ids) => new Map(ids.map((id) => [id, `u${id}@example.com`])),
    process: async (to, { id, send }) => {
      if (Number(id) % 10 === 3) throw new Error('This one cannot be processed.');
      await send({ to: String(to), subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' });
    },
  };
}

/** Another run of the job is started soon after the first. */
const TWO_RUNS: ScenarioShape = {
  ...{ chains: 2, chunkItems: 5, rate: 5, heartbeatSeconds: 6, linkSeconds: 8 },
  circumstances: {
    ...NO_CIRCUMSTANCES,
    rival: { items: 40, startsAfterMilliseconds: 4000, redrivesAfterMilliseconds: 40_000 },
  },
};

/** The window closes ten seconds after the start, in the night in which clocks in Berlin are put back. */
const CLOSING_SOON: ScenarioShape = {
  ...{ first: 1, items: 100, chains: 2, rate: 5, delivery: 'at-most-once', dailyQuota: 50_000, pauseRate: undefined },
  hours: { from: '01:00', until: '02:30', isZoned: false, startsAt: Date.UTC(2026, 9, 25, 0, 29, 50) },
};
/** In the same night, for people in four zones. */
const IN_FOUR_ZONES: ScenarioShape = {
  ...{ ...CLOSING_SOON, chunkItems: 8 },
  hours: { from: '01:00', until: '02:30', isZoned: true, startsAt: Date.UTC(2026, 9, 25, 0, 29, 50) },
};

const GUARDS: readonly Guard[] = [
  {
    name: 'claim before touch',
    firstSeed: 19,
    breaks: ['P1', 'P2', 'P3'],
    // The cursor moves only when a chunk is settled, and nothing says that it was begun.
    remove: () =>
      replace(Ledger.prototype, 'claimChunk', async function (
        this: Ledger,
        chain: never,
        _ids: never,
        progress: never,
      ) {
        const { cursor, carry } = chain as { cursor: number; carry: never };
        return this.settle(chain, { ...(progress as object), cursor, carry } as never, 'running');
      } as never),
  },
  {
    name: 'the ledger’s conditions (epoch fence)',
    firstSeed: 53,
    breaks: ['P1', 'P2', 'P3'],
    remove: () => {
      const update = LedgerTable.prototype.update;
      replace(LedgerTable.prototype, 'update', function (
        this: LedgerTable,
        key: never,
        values: never,
        _: never,
        mine: never,
      ) {
        return update.call(this, key, values, { expression: 'attribute_exists(#pk)' }, mine);
      } as never);
    },
  },
  {
    name: 'the lease check',
    breaks: ['P5'],
    remove: () => {
      replace(Callbacks.prototype, 'heartbeat', async () => true);
      replace(Lease.prototype, 'held', () => true);
    },
    shape: { items: 120, rate: 5, heartbeatSeconds: 6, stopAfterSeconds: 2, pauseSeconds: 100, faults: {} },
  },
  {
    name: 'in-doubt tracking',
    breaks: ['P2'],
    // What a dead link had claimed is taken for not begun. The count of items is a second guard against the same.
    remove: () => {
      replace(PartitionReader.prototype, 'guardItems', () => {});
      mockRecovery.instead = async ({ chain: one }) => {
        const chain = one as unknown as { progress: { carry: number[] }; claimed: Set<{ id: number }> };
        const ids = [...chain.claimed].map(({ id }) => id);
        chain.claimed.clear();
        chain.progress = { ...chain.progress, carry: [...ids, ...chain.progress.carry] };
      };
    },
    // Nothing but deaths: an item that failed would be counted twice as well, which is another promise.
    shape: { items: 100, rate: 20, maxSendRate: 100, faults: { 'kill-after-effect': 0.02 } },
  },
  {
    name: 'recovery of a claimed chunk',
    firstSeed: 19,
    breaks: ['P1', 'P3'],
    remove: () => {
      mockRecovery.instead = async () => {};
    },
  },
  {
    name: 'failed items are recorded before they are settled',
    breaks: ['P1', 'P3'],
    remove: () => replace(Ledger.prototype, 'recordItem', async (item: { outcome: string }) => item.outcome),
  },
  {
    name: 'the first word on an item counts',
    firstSeed: 39,
    shape: { delivery: 'at-least-once', faults: { freeze: 0.05 }, chunkItems: 8, items: 60, heartbeatSeconds: 6 },
    breaks: ['P1', 'P2', 'P3'],
    remove: () => {
      const put = LedgerTable.prototype.put;
      replace(LedgerTable.prototype, 'put', function (
        this: LedgerTable,
        key: { pk: string },
        item: never,
        condition: never,
        mine: never,
      ) {
        const always = { expression: 'attribute_exists(#pk) OR attribute_not_exists(#pk)' };
        return put.call(this, key as never, item, key.pk.startsWith('items#') ? always : condition, mine);
      } as never);
    },
  },
  {
    name: 'the occurrence claim',
    // What an earlier run left over is claimed in the same way: taken up twice, it is processed twice.
    breaks: ['P2', 'P7'],
    remove: () => {
      replace(Claims.prototype, 'read', async () => undefined);
      replace(Claims.prototype, 'take', async (_key: never, holder: object) => ({ ...holder, at: 0 }));
    },
  },
  {
    name: 'waiting for an attempt that may be alive',
    firstSeed: 17,
    breaks: ['P2'],
    remove: () => {
      const claimLink = Ledger.prototype.claimLink;
      replace(Ledger.prototype, 'claimLink', function (this: Ledger, identity: never) {
        return claimLink.call(this, identity, true);
      } as never);
    },
    shape: {
      ...{ items: 80, chains: 4, chunkItems: 10, rate: 4, heartbeatSeconds: 15, linkSeconds: 8, faults: {} },
      circumstances: {
        ...NO_CIRCUMSTANCES,
        plannedPauses: [2000, 3000, 4000].map((afterMilliseconds) => ({ afterMilliseconds, lastsMilliseconds: 500 })),
      },
    },
  },
  {
    name: 'the job’s place for one active run',
    breaks: ['P7'],
    remove: () => {
      const { take, read } = Claims.prototype;
      replace(Claims.prototype, 'read', function (this: Claims, key: ClaimKey) {
        return key.sk === 'active' ? Promise.resolve(undefined) : read.call(this, key);
      } as never);
      replace(Claims.prototype, 'take', function (this: Claims, key: ClaimKey, holder: object, options: never) {
        return key.sk === 'active'
          ? Promise.resolve({ ...holder, at: 0 })
          : take.call(this, key, holder as never, options);
      } as never);
    },
    shape: { ...TWO_RUNS, items: 60, faults: {} },
  },
  {
    name: 'the redrives of whoever holds the job’s place',
    breaks: ['P7'],
    // An end before the last redrive is taken for the end.
    remove: () => {
      const { describe } = Executions.prototype;
      replace(Executions.prototype, 'describe', async function (this: Executions, arn: string) {
        const told = await describe.call(this, arn);
        return told && { ...told, redriveCount: Number.POSITIVE_INFINITY };
      } as never);
    },
    shape: {
      ...TWO_RUNS,
      ...{ items: 80, stopAfterSeconds: 1, pauseSeconds: 2, takeUp: 'redrive', faults: { 'stale-describe': 0.9 } },
    },
  },
  {
    name: 'FailChain’s question to the ledger, whether the chain waits for the link of a record',
    breaks: ['P2'],
    remove: () => {},
    world: () => ({
      wireFailLink: (around) => async (record) => {
        const callbacks = new Callbacks({ ...around, client: around.stepFunctions });
        const ledger = ledgerIn(around);
        const { requestPayload } = record as { readonly requestPayload: LinkEvent };
        const { runId, chainId, taskToken } = requestPayload;
        await callbacks.fail(taskToken, new WorkerChainsError(ERROR_CODES.crashed, 'a link died'));
        const chain = await ledger.readChain(runId, chainId);
        if (chain) await ledger.interruptChain(chain, 'a link died');
      },
    }),
    shape: {
      items: 100,
      chains: 2,
      chunkItems: 10,
      rate: 5,
      maxSendRate: 100,
      faults: { 'spurious-failure-record': 1 },
    },
  },
  {
    name: 'the patience of calls',
    breaks: ['P1', 'P2'],
    remove: () => {
      mockPatience.isGone = true;
    },
    shape: {
      ...{ items: 60, chains: 3, rate: 20, maxSendRate: 100, dailyQuota: 50_000, pauseRate: undefined, faults: {} },
      circumstances: {
        ...NO_CIRCUMSTANCES,
        functionTimeoutSeconds: 900,
        outages: [{ service: 'dynamodb', from: 1500, until: 100_000, how: 'refused' }],
      },
    },
  },
  {
    name: 'forgiving on all chains at once',
    breaks: ['P1'],
    // Each chain forgives its own failures when its own link starts, which may be seconds later.
    remove: () => {
      replace(Tolerance.prototype, 'guard', async function (this: Tolerance) {
        const guarded = this as unknown as GuardedRun;
        const { run, chain, ledger } = guarded.options;
        if (chain.failures === guarded.failuresJudged) return;
        guarded.failuresJudged = chain.failures;
        const chains = await ledger.readChains(run.runId);
        const others = chains.filter(({ chainId }) => chainId !== chain.record.chainId);
        const failures = [...others, { ...chain.record, failures: chain.failures }].reduce(
          (sum, one) => sum + one.failures - one.forgivenFailures,
          0,
        );
        if (failures <= run.tolerateUnprocessed * (run.plan.items ?? 0)) return;
        throw new WorkerChainsError(ERROR_CODES.tooManyFailures, `${failures} items failed.`);
      } as never);
    },
    world: () => ({ job: oneInTenFails() }),
    shape: {
      ...{ first: 1, items: 120, chains: 6, chunkItems: 5, rate: 20, linkSeconds: 8, delivery: 'at-most-once' },
      ...{ maxSendRate: 100, dailyQuota: 50_000, pauseRate: undefined, takeUp: 'redrive', faults: {} },
      circumstances: {
        ...NO_CIRCUMSTANCES,
        tolerate: 0.3,
        rejectsAfterSeconds: 2,
        coldStartMilliseconds: 10_000,
        functionTimeoutSeconds: 900,
      },
    },
  },
  {
    name: 'an ambiguous failure is never tried again',
    firstSeed: 58,
    breaks: ['P2'],
    remove: () => {},
    world: () => ({
      refusalFrom: (error) => {
        const { kind, code, message } = refusalFrom(error);
        return new Refusal(kind === 'ambiguous' ? 'throttled' : kind, code, message);
      },
    }),
  },
  {
    name: 'what a dry run leaves out',
    breaks: ['P2'],
    // Its links take it for a run with effects.
    remove: () => {
      const { readRun } = Ledger.prototype;
      replace(Ledger.prototype, 'readRun', async function (this: Ledger, runId: string) {
        const run = await readRun.call(this, runId);
        if (!run) return undefined;
        const { dryRun: _, ...real } = run;
        return real;
      } as never);
    },
    shape: {
      items: 20,
      rate: 20,
      dryRun: { startsAfterMilliseconds: 0, redrivesAfterMilliseconds: 60_000 },
      faults: {},
    },
  },
  {
    name: 'the pace',
    breaks: ['P6'],
    remove: () => replace(Pace.prototype, 'permit', async () => true),
    shape: { items: 120, chains: 4, rate: 5, maxSendRate: 1000, faults: {} },
  },
  {
    name: 'the link budget',
    breaks: ['P4'],
    // Links that think their time is over before it began hand over for ever; here until a budget of 200.
    remove: () =>
      replace(
        Ledger.prototype,
        'createChains',
        (() => {
          const createChains = Ledger.prototype.createChains;
          return function (this: Ledger, run: { chunkItems: number }) {
            return createChains.call(this, { ...run, chunkItems: 0.02 } as never);
          };
        })() as never,
      ),
    world: () => ({ remainingMilliseconds: 0 }),
    shape: { items: 3, faults: {} },
  },
  {
    name: 'the no-progress guard',
    breaks: ['P2'],
    remove: () => replace(PartitionReader.prototype, 'guardProgress', () => {}),
    world: () => ({ source: stuckSource() }),
    // A chain also guards against more items than were planned: it must be small chunks that come again.
    shape: { items: 60, chunkItems: 4, faults: {} },
  },
  {
    name: 'the bound on items under way',
    firstSeed: 7,
    breaks: ['P2'],
    remove: () => {
      const atMost = InFlight.prototype.atMost;
      replace(InFlight.prototype, 'atMost', async function (this: InFlight, most: number) {
        if (most === 0) return atMost.call(this, most);
      } as never);
    },
    shape: { items: 120, chains: 1, chunkItems: 3, rate: 200, maxSendRate: 1000, faults: { hang: 0.05, freeze: 0.01 } },
  },
  {
    name: 'who is in the canary',
    breaks: ['P2'],
    // The second pass takes those again whom the first has had.
    remove: () => {
      const next = PartitionReader.prototype.next;
      replace(PartitionReader.prototype, 'next', async function (this: PartitionReader, limit: number) {
        const { record } = (this as unknown as { options: { chain: { record: { takes?: string } } } }).options.chain;
        if (record.takes === 'others') Reflect.deleteProperty(record, 'takes');
        return next.call(this, limit);
      } as never);
    },
    shape: { items: 60, canary: { share: 0.5, feedbackSeconds: 20 }, faults: {} },
  },
  {
    name: 'the wait before the canary is judged',
    breaks: ['P6'],
    remove: () =>
      replace(
        Ledger.prototype,
        'createRun',
        (() => {
          const createRun = Ledger.prototype.createRun;
          return function (this: Ledger, run: { canary: object }) {
            return createRun.call(this, { ...run, canary: { ...run.canary, feedbackSeconds: 1 } } as never);
          };
        })() as never,
      ),
    shape: { items: 60, canary: { share: 0.5, feedbackSeconds: 600 }, faults: {} },
  },
  {
    name: 'the claim that settles what came before it',
    firstSeed: 19,
    breaks: ['P1', 'P3'],
    remove: () => {
      const claimChunk = Ledger.prototype.claimChunk;
      replace(Ledger.prototype, 'claimChunk', function (this: Ledger, chain: Counts, ids: never, progress: object) {
        return claimChunk.call(this, chain as never, ids, { ...progress, counts: chain, underWay: [] } as never);
      } as never);
    },
  },
];

const HOURS_GUARDS: readonly Guard[] = [
  {
    name: 'the question whether the job’s window is open, before each claim and each start',
    breaks: ['P6'],
    remove: () => replace(ChunkLoop.prototype, 'isClosed', () => false),
    shape: { ...CLOSING_SOON, faults: {} },
  },
  {
    name: 'the question whether an item’s own window is open',
    breaks: ['P6'],
    remove: () => replace(ItemHours.prototype, 'itemOpensAt', () => undefined),
    shape: { ...IN_FOUR_ZONES, faults: {} },
  },
  {
    name: 'the position up to which postponed items were taken',
    breaks: ['P2'],
    // The count of what waits is a second guard: it takes an item away for each that comes twice.
    remove: () => {
      const { read } = Postponed.prototype;
      replace(Postponed.prototype, 'read', function (this: Postponed, runId: string, chainId: number, limit: number) {
        return read.call(this, runId, chainId, limit, undefined);
      } as never);
    },
    shape: { ...IN_FOUR_ZONES, items: 24, faults: {} },
  },
  {
    name: 'what a dead link was about to postpone',
    breaks: ['P1', 'P3'],
    remove: () => void jest.spyOn(Chain.prototype, 'isPostponing', 'get').mockReturnValue(false),
    shape: { ...IN_FOUR_ZONES, faults: { 'kill-after-effect': 0.02 } },
  },
];

/** A source that answers the same items again and again. */
function stuckSource(): Source {
  const source = idRange();
  return {
    ...source,
    read: async (plan, cursor, end, limit) => ({ ...(await source.read(plan, cursor, end, limit)), next: cursor }),
  };
}

/** What the first seed that finds anything finds. */
async function firstViolations({ world = () => ({}), shape, firstSeed = 1 }: Guard) {
  for (let count = 0; count < SEEDS; count++) {
    const seed = ((firstSeed - 1 + count) % SEEDS) + 1;
    const { violations } = await simulate(seed, world(), shape);
    if (violations.length > 0) return violations.map(({ promise }) => promise);
  }
  return [];
}

afterEach(() => {
  mockPatience.isGone = false;
  mockRecovery.instead = undefined;
  jest.restoreAllMocks();
});

describe('a guard that is removed is missed', () => {
  test.each([...GUARDS, ...HOURS_GUARDS])('without $name', async (guard) => {
    guard.remove();

    const broken = await firstViolations(guard);

    expect(broken.some((promise) => guard.breaks.includes(promise))).toBe(true);
  });
});
