import type { MailOrigin } from '../../../functions/contract/email';
import { Refusal, type RefusalKind } from '../../../functions/contract/errors';
import { normalizeAddress } from '../../../functions/email/address';
import { type MailGuard, sendGuarded } from '../../../functions/email/mail-guard';
import type { Ledger } from '../../../functions/ledger/ledger';
import { recipientKeyOf } from '../../../functions/ledger/recipients';
import { guardAddresses } from '../../../functions/wiring/guard-addresses';
import { guardMails } from '../../../functions/wiring/guard-mails';
import type { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { sdkError } from '../../support/sdk-errors';
import { VirtualClock } from '../../support/virtual-clock';
import { LEDGER_TABLE, ledgerOver, memoryTable, when } from '../chain/fixture';

const TO = 'zoe@example.com';
const ORIGIN: MailOrigin = {
  ...{ runId: 'run-1', root: 'run-1', expiresAt: 2_000_000_000 },
  ...{ id: 7, chainId: 0, chunk: 0, index: 0 },
};
const SAME_ADDRESS = 'skipped: same-address';

let clock: VirtualClock;
let ledger: Ledger;
let tables: MemoryDynamoDB;
let guard: MailGuard;
let serial = 0;
const nonce = () => `nonce-${++serial}`;

beforeEach(() => {
  clock = new VirtualClock();
  tables = memoryTable();
  ledger = ledgerOver(tables, clock);
  guard = guardAddresses({ ledger, nonce });
});

/** How a mail of an item comes out; `answer` is the provider's. */
async function mail(origin: Partial<MailOrigin>, { to = TO, answer }: { to?: string; answer?: RefusalKind } = {}) {
  const send = async () => {
    if (answer) throw new Refusal(answer, 'Answer', 'The provider said so.');
    return 'sent';
  };
  return sendGuarded(guard, to, { ...ORIGIN, ...origin }, send).catch((error: Refusal) =>
    error.kind === 'suppressed' ? `skipped: ${error.code}` : error.kind,
  );
}

describe('one mail for an address', () => {
  it('is that of the item which comes first, in whatever chain', async () => {
    expect(await mail({ id: 7 })).toBe('sent');
    expect(await mail({ id: 8 })).toBe(SAME_ADDRESS);
    expect(await mail({ id: '7', chainId: 3 })).toBe(SAME_ADDRESS);
    expect(await mail({ id: 8 }, { to: 'adam@example.com' })).toBe('sent');
    expect(await mail({ id: 8, runId: 'run-2', root: 'run-2' })).toBe('sent');
  });

  it('is one, where two chains come at the same time', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, id) => mail({ id, chainId: id })));
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === SAME_ADDRESS)).toHaveLength(9);
  });

  it.each([['Zoe@EXAMPLE.com'], ['"zoe"@example.com'], ['zoe@example.com.']])(
    'is one, however the address is written: %s',
    async (written) => {
      expect(await mail({ id: 7 })).toBe('sent');
      expect(await mail({ id: 8 }, { to: normalizeAddress(written) as string })).toBe(SAME_ADDRESS);
    },
  );

  it('is open to the same item in another try, link, attempt, and in a run over leftovers', async () => {
    expect(await mail({}, { answer: 'throttled' })).toBe('throttled');
    expect(await mail({})).toBe('sent');
    expect(await mail({ chunk: 9, index: 3 })).toBe('sent');
    expect(await mail({ runId: 'leftovers-of-1', chainId: 2 })).toBe('sent');
    expect(await mail({ runId: 'leftovers-of-1', id: 8 })).toBe(SAME_ADDRESS);
  });

  it.each<[RefusalKind, string]>([
    // The only one after which it is certain that the item gets none of itself.
    ['rejected', 'sent'],
    ['ambiguous', SAME_ADDRESS],
    ['throttled', SAME_ADDRESS],
    ['quota-exhausted', SAME_ADDRESS],
  ])('after a mail that was %s: another item’s is %s', async (answer, expected) => {
    expect(await mail({ id: 7 }, { answer })).toBe(answer);
    expect(await mail({ id: 8 })).toBe(expected);
  });

  it('stays with an item of which another mail may have been sent', async () => {
    expect(await mail({ id: 7 }, { answer: 'ambiguous' })).toBe('ambiguous');
    expect(await mail({ id: 7 }, { answer: 'rejected' })).toBe('rejected');
    expect(await mail({ id: 8 })).toBe(SAME_ADDRESS);
  });

  it('stays where it could not be given back', async () => {
    const { addresses } = ledger;
    jest.spyOn(addresses, 'giveBack').mockRejectedValueOnce(sdkError('InternalServerError', 500, 'Internal'));
    expect(await mail({ id: 7 }, { answer: 'rejected' })).toBe('rejected');
    expect(await mail({ id: 8 })).toBe(SAME_ADDRESS);
  });

  it('holds no address, and expires with its run', async () => {
    await mail({});
    const { Items } = (await tables.handle('Scan', { TableName: LEDGER_TABLE })) as { Items: object[] };
    expect(Items).toMatchObject([{ pk: `address#run-1#${recipientKeyOf(TO)}`, expiresAt: ORIGIN.expiresAt }]);
    expect(JSON.stringify(Items)).not.toContain('zoe');
  });

  it('is none on a guess: waits where the ledger does not answer, fails where it may not be asked', async () => {
    const take = jest.spyOn(ledger.addresses, 'take');
    take.mockRejectedValueOnce(sdkError('InternalServerError', 500, 'Internal server error'));
    expect(await mail({})).toBe('throttled');
    take.mockRejectedValueOnce(sdkError('AccessDeniedException', 400, 'Not authorized.'));
    expect(await mail({})).toBe('rejected');
    expect(await mail({})).toBe('sent');
  });

  it('is asked for two seconds at most', async () => {
    const silent = { handle: async () => Promise.reject(sdkError('InternalServerError', 500, 'Internal')) };
    guard = guardAddresses({ ledger: ledgerOver(silent as never, clock), nonce });
    const before = clock.now();
    expect(await when(clock, mail({}))).toBe('throttled');
    expect(clock.now() - before).toBeLessThan(4000);
  });
});

describe('the guard on the mails of a job', () => {
  const guardOf = (sameAddress?: 'send' | 'skip') =>
    guardMails({ ledger, clock, list: 'digest', nonce, policy: { ...(sameAddress && { sameAddress }) } });

  it.each([['send' as const], [undefined]])('asks for no address where the job says %s', async (sameAddress) => {
    guard = guardOf(sameAddress);
    expect(await when(clock, mail({ id: 7 }))).toBe('sent');
    expect(await when(clock, mail({ id: 8 }))).toBe('sent');
  });

  it('takes no address for an item that may not be mailed', async () => {
    guard = guardOf('skip');
    const key = recipientKeyOf(TO);
    await ledger.recipients.unsubscribe(key, 'digest', 1);
    expect(await when(clock, mail({ id: 7 }))).toBe('skipped: unsubscribed');
    await ledger.recipients.resubscribe(key, 'digest');
    expect(await when(clock, mail({ id: 8 }))).toBe('sent');
    expect(await when(clock, mail({ id: 7 }))).toBe(SAME_ADDRESS);
  });
});
