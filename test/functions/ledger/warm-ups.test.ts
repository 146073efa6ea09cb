import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { LEDGER_TABLE } from '../chain/fixture';
import { describeLedger } from './ledger-world';

const DAY = 86_400_000;
const BEGAN = Date.parse('2026-01-05T09:30:00Z');

let serial = 0;
let domain = '';
beforeEach(() => {
  domain = `news-${++serial}.example.com`;
});

describeLedger((world) => {
  describe('counts the mails of a domain that is warmed up:', () => {
    it('from the first moment that somebody has said, for ever', async () => {
      const { warmUps } = world.ledger;
      expect(await warmUps.read(domain, BEGAN)).toEqual({ day: 0, taken: 0 });
      expect(await warmUps.begin(domain, BEGAN)).toBe(BEGAN);
      expect(await warmUps.begin(domain, BEGAN + DAY)).toBe(BEGAN);
      expect(await warmUps.begin(`other.${domain}`, BEGAN + DAY)).toBe(BEGAN + DAY);
      expect(await warmUps.read(domain, BEGAN + 40 * DAY)).toEqual({ beganAt: BEGAN, day: 40, taken: 0 });
    });

    it('from one moment, whoever says so at once, and whose answer is lost', async () => {
      world.client.faults.push('answer lost');
      const said = await Promise.all([0, 1, 2, 3].map((late) => world.ledger.warmUps.begin(domain, BEGAN + late)));
      expect(new Set(said).size).toBe(1);
      expect((await world.ledger.warmUps.read(domain, BEGAN)).beganAt).toBe(said[0]);
    });

    it('as many as a day has, and no more, on each day anew', async () => {
      const { warmUps } = world.ledger;
      const take = (day: number, limit: number) => warmUps.take(domain, BEGAN, day, limit);
      expect(await Promise.all([take(0, 2), take(0, 2)])).toEqual([true, true]);
      expect(await take(0, 2)).toBe(false);
      expect(await take(1, 1)).toBe(true);
      expect(await take(1, 1)).toBe(false);
      // A job that allows more adds to the same number.
      expect(await take(0, 3)).toBe(true);
      await warmUps.begin(domain, BEGAN);
      expect((await warmUps.read(domain, BEGAN + DAY - 1)).taken).toBe(3);
      expect((await warmUps.read(domain, BEGAN + DAY)).taken).toBe(1);
    });

    it('as many as a day has, of those that ask at once', async () => {
      const asked = Array.from({ length: 20 }, () => world.ledger.warmUps.take(domain, BEGAN, 0, 7));
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(7);
    });

    it('one that must go in any case, too', async () => {
      const { warmUps } = world.ledger;
      await warmUps.begin(domain, BEGAN);
      expect(await warmUps.take(domain, BEGAN, 0, 1)).toBe(true);
      expect(await warmUps.take(domain, BEGAN, 0)).toBe(true);
      expect((await warmUps.read(domain, BEGAN)).taken).toBe(2);
    });

    it('one too many where an answer was lost, and never one too few', async () => {
      const { warmUps } = world.ledger;
      await warmUps.begin(domain, BEGAN);
      world.client.faults.push('answer lost');
      expect(await warmUps.take(domain, BEGAN, 0, 5)).toBe(true);
      expect((await warmUps.read(domain, BEGAN)).taken).toBe(2);
      // The last place of a day whose answer is lost is nobody's.
      expect(await warmUps.take(domain, BEGAN, 1, 1)).toBe(true);
      world.client.faults.push('answer lost');
      expect(await warmUps.take(domain, BEGAN, 2, 1)).toBe(false);
    });

    it('in records of their days that expire, ten days after they began', async () => {
      const { warmUps } = world.ledger;
      await warmUps.begin(domain, BEGAN);
      await warmUps.take(domain, BEGAN, 12, 5);
      const query = new QueryCommand({
        TableName: LEDGER_TABLE,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `warm-up#${domain}` },
      });
      const { Items } = await world.client.send(query);
      expect(Items).toEqual([
        { pk: `warm-up#${domain}`, sk: 'began', at: BEGAN, version: expect.any(Number) },
        {
          ...{ pk: `warm-up#${domain}`, sk: 'day#00012', taken: 1, version: expect.any(Number) },
          expiresAt: (BEGAN + 22 * DAY) / 1000,
        },
      ]);
    });
  });
});
