import type { LinkIdentity } from '../../../functions/ledger/attempts';
import { Ledger } from '../../../functions/ledger/ledger';
import { LedgerTable, type TableOptions } from '../../../functions/ledger/ledger-table';
import type { ChainRecord, ItemRecord } from '../../../functions/ledger/records';
import { LEDGER_TABLE } from '../chain/fixture';
import { FastClock } from '../email/fast-clock';
import { FaultyClient, type LedgerStore, STORES } from './stores';

/** One test's ledger: a run of its own in the table of the store, and what tests ask of it. */
export class LedgerWorld {
  runId = '';
  client!: FaultyClient;
  ledger!: Ledger;
  private store!: LedgerStore;

  begin(store: LedgerStore, runId: string): void {
    this.store = store;
    this.runId = runId;
    this.client = new FaultyClient(store.client);
    this.ledger = ledgerOf(this.client);
  }

  /** The same table, seen by somebody whose calls go well. */
  get somebodyElse(): Ledger {
    return ledgerOf(this.store.client);
  }

  identity(change: Partial<LinkIdentity> = {}): LinkIdentity {
    return { runId: this.runId, chainId: 0, epoch: 0, link: 0, owner: 'first', ...change };
  }

  async kindOf(change: Partial<LinkIdentity>): Promise<string> {
    return (await this.ledger.claimLink(this.identity(change))).kind;
  }

  async claimed(change: Partial<LinkIdentity> = {}): Promise<ChainRecord> {
    const claim = await this.ledger.claimLink(this.identity(change));
    if (claim.kind !== 'claimed') throw new Error(`The link is ${claim.kind}.`);
    return claim.chain;
  }

  /** What stands in a partition of the table, in order. */
  async stored(pk: string): Promise<readonly Record<string, unknown>[]> {
    return (await new LedgerTable(optionsOf(this.store.client)).query(pk, '')).items;
  }

  async handedOff(change: Partial<LinkIdentity> = {}): Promise<ChainRecord> {
    const chain = await this.claimed(change);
    return (await this.ledger.settle(chain, progressOf(chain), 'handed-off')) as ChainRecord;
  }

  anItem(change: Partial<ItemRecord> = {}): ItemRecord {
    return {
      runId: this.runId,
      id: 17,
      outcome: 'unprocessed',
      code: 'MessageRejected',
      message: 'Address is not verified.',
      chainId: 0,
      chunk: 1,
      index: 0,
      link: 0,
      at: 0,
      expiresAt: 1,
      ...change,
    };
  }
}

function ledgerOf(client: object): Ledger {
  return new Ledger(optionsOf(client));
}

function optionsOf(client: object): TableOptions {
  return { client: client as never, tableName: LEDGER_TABLE, clock: new FastClock(), random: () => 0.5 };
}

export const progressOf = (chain: ChainRecord) => ({ ...chain, counts: chain, underWay: [] });

/** The same tests against every store that the ledger must work with; the world begins anew with each. */
export function describeLedger(tests: (world: LedgerWorld) => void): void {
  describe.each(STORES)('the ledger %s', (_, startStore) => {
    const world = new LedgerWorld();
    let store: LedgerStore;
    let count = 0;

    beforeAll(async () => {
      store = await startStore();
    });
    afterAll(() => store.close());
    beforeEach(() => {
      count += 1;
      world.begin(store, `run-${count}`);
    });

    tests(world);
  });
}
