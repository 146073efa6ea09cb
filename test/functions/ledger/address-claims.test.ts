import type { AddressClaimant } from '../../../functions/ledger/address-claims';
import { describeLedger } from './ledger-world';

let serial = 0;
const claimant = (change: Partial<AddressClaimant> = {}): AddressClaimant => ({
  root: 'run-1',
  key: `address-${serial}`,
  owner: 'item-1',
  mark: `mark-${++serial}`,
  ...change,
});
const SOON = 2_000_000_000;

describeLedger((world) => {
  describe('gives an address to one item of a run:', () => {
    it('the first that takes it, again and again', async () => {
      const { addresses } = world.ledger;
      const first = claimant();
      expect(await addresses.take(first, SOON)).toBe(true);
      expect(await addresses.take({ ...first, mark: 'other' }, SOON)).toBe(true);
      expect(await addresses.take({ ...first, owner: 'item-2' }, SOON)).toBe(false);
      expect(await addresses.take({ ...first, owner: 'item-2', key: `another of ${first.key}` }, SOON)).toBe(true);
      expect(await addresses.take({ ...first, owner: 'item-2', root: 'run-2' }, SOON)).toBe(true);
    });

    it('one of those that take it at once', async () => {
      const one = claimant();
      const owners = Array.from({ length: 8 }, (_, index) => `item-${index}`);
      const taken = await Promise.all(owners.map((owner) => world.ledger.addresses.take({ ...one, owner }, SOON)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });

    it('to whoever has it already, where the first answer was lost', async () => {
      const one = claimant();
      world.client.faults.push('answer lost');
      expect(await world.ledger.addresses.take(one, SOON)).toBe(true);
      expect(await world.ledger.addresses.take({ ...one, owner: 'item-2' }, SOON)).toBe(false);
    });

    it('to another one, once its only mail is known not to have been sent', async () => {
      const { addresses } = world.ledger;
      const first = claimant();
      await addresses.take(first, SOON);
      await addresses.giveBack(first);
      const second = { ...first, owner: 'item-2', mark: 'second' };
      expect(await addresses.take(second, SOON)).toBe(true);
      // Somebody else's is not given back, and neither is one's own by an earlier mail.
      await addresses.giveBack(first);
      await addresses.giveBack({ ...second, mark: 'another' });
      expect(await addresses.take(first, SOON)).toBe(false);
      await addresses.giveBack(second);
      expect(await addresses.take(first, SOON)).toBe(true);
    });

    it('to nobody else, where it is not known how another mail of the same item came out', async () => {
      const { addresses } = world.ledger;
      const first = claimant();
      const again = { ...first, mark: 'again' };
      await addresses.take(first, SOON);
      await addresses.take(again, SOON);
      await addresses.giveBack(first);
      await addresses.giveBack(again);
      expect(await addresses.take({ ...first, owner: 'item-2' }, SOON)).toBe(false);
    });
  });
});
