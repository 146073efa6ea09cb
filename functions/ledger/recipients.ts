import { createHash } from 'node:crypto';
import type { LedgerTable } from './ledger-table';

/** What is known of an address, in every run of every job of the ledger. Moments in milliseconds since the epoch. */
export interface Standing {
  /** It does not exist, its provider says. */
  readonly bouncedAt?: number;
  /** Whoever reads there has called a mail spam. */
  readonly complainedAt?: number;
  /** The lists, which are jobs, that it has been taken off, and since when. */
  readonly unsubscribed: Readonly<Record<string, number>>;
}

export type SuppressionReason = 'bounced' | 'complained';

const ATTRIBUTES = { bounced: 'bouncedAt', complained: 'complainedAt' } as const;
const UNSUBSCRIBED = 'unsubscribed_';

/**
 * What stands for an address in the ledger, which holds none: a hash. Upper and lower case are one address, as they are
 * for every provider of mailboxes.
 *
 * @param address in the form in which it is sent to
 */
export function recipientKeyOf(address: string): string {
  return createHash('sha256').update(address.toLowerCase()).digest('base64url');
}

/** Why no mail of a list may go to an address; undefined if one may. */
export function suppressionOf(standing: Standing | undefined, list: string): 'suppressed' | 'unsubscribed' | undefined {
  if (standing === undefined) return undefined;
  if (standing.bouncedAt !== undefined || standing.complainedAt !== undefined) return 'suppressed';
  return Object.hasOwn(standing.unsubscribed, list) ? 'unsubscribed' : undefined;
}

/** The records of addresses. They do not expire. */
export class Recipients {
  constructor(private readonly table: LedgerTable) {}

  /** What is known of each of these keys, 100 at most; nothing of the ones that are left out. May be some seconds old. */
  async read(keys: readonly string[]): Promise<ReadonlyMap<string, Standing>> {
    const found = await this.table.batchGet(keys.map(recordKey));
    return new Map(found.map((stored) => [String(stored.pk).slice(PREFIX.length), standingOf(stored)]));
  }

  /** What is known of one, as it is now: for whoever looks at it. Nothing is known of most. */
  async readOne(key: string): Promise<Standing> {
    return standingOf((await this.table.get(recordKey(key))) ?? {});
  }

  /** No job sends anything there any more. The first time stays. */
  async suppress(key: string, because: SuppressionReason, at: number): Promise<void> {
    await this.setOnce(key, ATTRIBUTES[because], at);
  }

  /** Takes the address off a list, which is the name of a job. The first time stays. */
  async unsubscribe(key: string, list: string, at: number): Promise<void> {
    await this.setOnce(key, attributeOf(list), at);
  }

  /** Puts it back on a list. */
  async resubscribe(key: string, list: string): Promise<void> {
    await this.table.remove(recordKey(key), [attributeOf(list)]);
  }

  /** An operator knows better: bounce and complaint are forgotten. */
  async restore(key: string): Promise<void> {
    await this.table.remove(recordKey(key), Object.values(ATTRIBUTES));
  }

  private async setOnce(key: string, attribute: string, at: number): Promise<void> {
    const absent = { expression: `attribute_not_exists(#${attribute})` };
    await this.table.update(recordKey(key), { [attribute]: at }, absent, () => true);
  }
}

const PREFIX = 'recipient#';

function recordKey(key: string) {
  return { pk: PREFIX + key, sk: 'standing' };
}

/** Names of jobs have hyphens, and names in DynamoDB's expressions have none: an underscore, of which jobs have none. */
function attributeOf(list: string): string {
  return UNSUBSCRIBED + list.replaceAll('-', '_');
}

function listOf(attribute: string): string {
  return attribute.slice(UNSUBSCRIBED.length).replaceAll('_', '-');
}

function standingOf(stored: Readonly<Record<string, unknown>>): Standing {
  const { bouncedAt, complainedAt } = stored as Partial<Standing>;
  const lists = Object.entries(stored).filter(([name]) => name.startsWith(UNSUBSCRIBED));
  return {
    ...(bouncedAt !== undefined && { bouncedAt }),
    ...(complainedAt !== undefined && { complainedAt }),
    unsubscribed: Object.fromEntries(lists.map(([name, at]) => [listOf(name), Number(at)])),
  };
}
