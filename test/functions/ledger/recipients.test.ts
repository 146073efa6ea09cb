import { recipientKeyOf, type Standing, suppressionOf } from '../../../functions/ledger/recipients';
import { Standings } from '../../../functions/ledger/standings';
import { VirtualClock } from '../../support/virtual-clock';
import { when } from '../chain/fixture';
import { describeLedger } from './ledger-world';

const KEY = recipientKeyOf('zoe@example.com');
let serial = 0;
/** Records of addresses belong to no run: each test has its own. */
const newKey = () => recipientKeyOf(`zoe.${serial++}@example.com`);

test('an address is one whatever its case, and its key tells nothing of it', () => {
  expect(recipientKeyOf('Zoe@Example.com')).toBe(KEY);
  expect(recipientKeyOf('zoe@example.org')).not.toBe(KEY);
  expect(KEY).toMatch(/^[\w-]{43}$/);
});

test.each<[string, Standing | undefined, string | undefined, string?]>([
  ['nothing is known', undefined, undefined],
  ['it was never said no', { unsubscribed: {} }, undefined],
  ['it bounced', { bouncedAt: 1, unsubscribed: {} }, 'suppressed'],
  ['its owner complained', { complainedAt: 1, unsubscribed: {} }, 'suppressed'],
  ['it is off this list', { unsubscribed: { digest: 1 } }, 'unsubscribed'],
  ['it is off another list', { unsubscribed: { offers: 1 } }, undefined],
  ['its list is called as what every object has', { unsubscribed: {} }, undefined, 'constructor'],
])('where %s', (_, standing, expected, list = 'digest') => {
  expect(suppressionOf(standing, list)).toBe(expected);
});

describeLedger((world) => {
  describe('knows addresses:', () => {
    it('nothing of one that nobody spoke of', async () => {
      expect(await world.ledger.recipients.read([newKey()])).toEqual(new Map());
    });

    it('the first bounce and the first complaint stay', async () => {
      const key = newKey();
      for (const at of [7, 8]) {
        await world.ledger.recipients.suppress(key, 'bounced', at);
        await world.ledger.recipients.suppress(key, 'complained', 10 * at);
      }
      expect(await world.ledger.recipients.read([key])).toEqual(
        new Map([[key, { bouncedAt: 7, complainedAt: 70, unsubscribed: {} }]]),
      );
    });

    it('the lists that it is off, each with its own name', async () => {
      const key = newKey();
      const { recipients } = world.ledger;
      await recipients.unsubscribe(key, 'weekly-digest', 5);
      await recipients.unsubscribe(key, 'weekly-digest', 6);
      await recipients.unsubscribe(key, 'offers', 7);
      expect((await recipients.read([key])).get(key)).toEqual({ unsubscribed: { 'weekly-digest': 5, offers: 7 } });
      await recipients.resubscribe(key, 'weekly-digest');
      await recipients.resubscribe(newKey(), 'weekly-digest');
      expect((await recipients.read([key])).get(key)).toEqual({ unsubscribed: { offers: 7 } });
    });

    it('an operator may forget its bounces, and does not put it back on a list by that', async () => {
      const key = newKey();
      const { recipients } = world.ledger;
      await recipients.suppress(key, 'bounced', 1);
      await recipients.unsubscribe(key, 'offers', 2);
      await recipients.restore(key);
      expect((await recipients.read([key])).get(key)).toEqual({ unsubscribed: { offers: 2 } });
    });

    it('a hundred at once', async () => {
      const keys = Array.from({ length: 100 }, newKey);
      await world.ledger.recipients.suppress(keys[42] as string, 'bounced', 1);
      expect([...(await world.ledger.recipients.read(keys)).keys()]).toEqual([keys[42]]);
    });
  });

  describe('keeps what is said of mails:', () => {
    const event = (change: object = {}) => ({
      ...{ runId: world.runId, chainId: 0, chunk: 3, index: 1, id: 17, itemTag: 'MTc', messageId: 'mail-1' },
      ...{ kind: 'bounced', at: 5, expiresAt: 9_999_999_999, ...change },
    });

    it('each thing once, and counts it once', async () => {
      const { feedback } = world.ledger;
      expect(await feedback.note(event() as never)).toBe(true);
      expect(await feedback.note(event({ at: 6 }) as never)).toBe(false);
      expect(await feedback.note(event({ kind: 'complained' }) as never)).toBe(true);
      expect(await feedback.note(event({ index: 2 }) as never)).toBe(true);
      expect(await feedback.counts(world.runId)).toEqual({ bounced: 2, complained: 1 });
      expect((await feedback.list(world.runId)).events.map(({ index, kind, at }) => [index, kind, at])).toEqual([
        [1, 'bounced', 5],
        [1, 'complained', 5],
        [2, 'bounced', 5],
      ]);
    });

    it('an event is counted, though the answer of its write was lost', async () => {
      world.client.faults.push('answer lost');
      expect(await world.ledger.feedback.note(event() as never)).toBe(true);
      expect(await world.ledger.feedback.counts(world.runId)).toEqual({ bounced: 1 });
    });

    it('a run of which nothing was said has no counts', async () => {
      expect(await world.ledger.feedback.counts(world.runId)).toEqual({});
      expect(await world.ledger.feedback.list(world.runId)).toEqual({ events: [] });
    });

    it('an accepted mail is evidence for its own item, and for no other', async () => {
      await world.ledger.feedback.note(event({ kind: 'accepted' }) as never);
      await world.ledger.feedback.note(event({ kind: 'bounced', index: 2 }) as never);
      const items = [1, 2].map((index) => ({ id: index, chunk: 3, index }));
      const proven = await world.ledger.feedback.evidenceOf(world.runId, 0, items);
      expect([...proven].map(([item, { messageId }]) => [item.index, messageId])).toEqual([[1, 'mail-1']]);
      expect(await world.ledger.feedback.evidenceOf(world.runId, 1, items)).toEqual(new Map());
    });

    it('an item in doubt is settled by it, once; an unprocessed one is not, nor one that is unknown', async () => {
      const { ledger } = world;
      await ledger.recordItem(world.anItem({ chunk: 3, index: 1, outcome: 'in-doubt', mailProves: true }));
      // A call of its job may be what is in doubt, or a second mail: that one was accepted proves nothing.
      await ledger.recordItem(world.anItem({ chunk: 3, index: 4, outcome: 'in-doubt', messageIds: ['mail-1'] }));
      expect(await ledger.settleInDoubt(event({ kind: 'accepted', index: 4 }) as never)).toBe(false);
      await ledger.recordItem(world.anItem({ chunk: 3, index: 2 }));
      expect(await ledger.settleInDoubt(event({ kind: 'accepted' }) as never)).toBe(true);
      expect(await ledger.settleInDoubt(event({ kind: 'accepted', at: 8 }) as never)).toBe(true);
      expect(await ledger.settleInDoubt(event({ kind: 'accepted', index: 2 }) as never)).toBe(false);
      expect(await ledger.settleInDoubt(event({ kind: 'accepted', index: 3 }) as never)).toBe(false);
      const { items } = await ledger.listItems(world.runId);
      expect(items.map(({ index, outcome, settled }) => [index, outcome, settled])).toEqual([
        [1, 'in-doubt', { because: 'Send event', messageId: 'mail-1', at: 5 }],
        [2, 'unprocessed', undefined],
        [4, 'in-doubt', undefined],
      ]);
    });

    it('an audit finds an item by its id, a number or the same digits as text', async () => {
      const { ledger, runId } = world;
      const place = { runId, chainId: 0, chunk: 1, index: 0, link: 0, at: 1, expiresAt: 9_999_999_999 };
      await ledger.auditItem({ ...place, id: 7, outcome: 'done', messageIds: ['mail-7'] });
      await ledger.auditItem({ ...place, id: '7', outcome: 'skipped', reason: 'unsubscribed' });
      expect(await ledger.readAudit(runId, 7)).toMatchObject({ outcome: 'done', messageIds: ['mail-7'] });
      expect(await ledger.readAudit(runId, '7')).toMatchObject({ outcome: 'skipped', reason: 'unsubscribed' });
      expect(await ledger.readAudit(runId, 8)).toBeUndefined();
    });
  });
});

describe('standings', () => {
  it('that are asked for together are read together, one that is asked for twice once', async () => {
    const clock = new VirtualClock();
    const reads: (readonly string[])[] = [];
    const read = async (keys: readonly string[]) => {
      reads.push(keys);
      return new Map([['a', { bouncedAt: 1, unsubscribed: {} }]]);
    };
    const standings = new Standings({ read }, clock);
    const asked = ['a', 'b', 'a'].map((key) => standings.read(key));
    expect(await when(clock, Promise.all(asked))).toEqual([
      { bouncedAt: 1, unsubscribed: {} },
      undefined,
      { bouncedAt: 1, unsubscribed: {} },
    ]);
    expect(reads).toEqual([['a', 'b']]);
  });

  it('are read at once when they fill one read, and fail all together', async () => {
    const clock = new VirtualClock();
    const sizes: number[] = [];
    const standings = new Standings(
      {
        read: (keys) => {
          sizes.push(keys.length);
          return Promise.reject(new Error('No answer.'));
        },
      },
      clock,
    );
    const asked = Array.from({ length: 130 }, (_, index) => standings.read(`key-${index}`));
    const failed = Promise.allSettled(asked);
    expect(sizes).toEqual([100]);
    expect((await when(clock, failed)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(sizes).toEqual([100, 30]);
  });
});
