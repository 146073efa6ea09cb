import type { MailOrigin } from '../../../functions/contract/email';
import { NotBefore, type Refusal } from '../../../functions/contract/errors';
import type { WarmUp } from '../../../functions/contract/warm-up';
import { sendGuarded } from '../../../functions/email/mail-guard';
import type { Ledger } from '../../../functions/ledger/ledger';
import { recipientKeyOf } from '../../../functions/ledger/recipients';
import { guardMails } from '../../../functions/wiring/guard-mails';
import { guardWarmUp } from '../../../functions/wiring/guard-warm-up';
import { sdkError } from '../../support/sdk-errors';
import { VirtualClock } from '../../support/virtual-clock';
import { ledgerOver, memoryTable, when } from '../chain/fixture';

const DAY = 86_400_000;
const DOMAIN = 'news.example.com';

let clock: VirtualClock;
let ledger: Ledger;
let serial = 0;

beforeEach(() => {
  clock = new VirtualClock();
  ledger = ledgerOver(memoryTable(), clock);
});

/** One mail, which is the same as often as it is tried. */
const aMail = (change: Partial<MailOrigin> = {}): MailOrigin => ({
  ...{ runId: 'run-1', root: 'run-1', expiresAt: 2_000_000_000 },
  ...{ id: ++serial, chainId: 0, chunk: 0, index: 0 },
  ...change,
});

/** The guard as a link has it. */
const aGuard = (warmUp: WarmUp = { firstDay: 2 }, readMailsADay = async () => 50_000) =>
  guardWarmUp({ ledger, clock, warmUp, domain: DOMAIN, readMailsADay });

/** `sent`, or until when it is refused as a time after the beginning; or what else it is refused for. */
async function asked(guard: ReturnType<typeof aGuard>, mail = aMail()) {
  const { beganAt = 0 } = await ledger.warmUps.read(DOMAIN, clock.now());
  return guard(mail).then(
    () => 'sent',
    (error: Refusal) => (error instanceof NotBefore ? error.until - beganAt : error.kind),
  );
}

const takenOn = async (day: number) =>
  (await ledger.warmUps.read(DOMAIN, ((await ledger.warmUps.read(DOMAIN, clock.now())).beganAt ?? 0) + day * DAY))
    .taken;

describe('the day of a warm-up', () => {
  it('has so many mails, then none until the next one begins, which has more', async () => {
    const guard = aGuard();
    expect([await asked(guard), await asked(guard), await asked(guard), await asked(guard)]).toEqual([
      ...['sent', 'sent', DAY, DAY],
    ]);
    await clock.advance(DAY - 1);
    expect(await asked(guard)).toBe(DAY);
    await clock.advance(1);
    const second = await Promise.all(Array.from({ length: 6 }, () => asked(guard)));
    expect(second.sort()).toEqual([2 * DAY, 2 * DAY, 'sent', 'sent', 'sent', 'sent']);
  });

  it('is one for all links, jobs and runs of the domain', async () => {
    const links = Array.from({ length: 5 }, () => aGuard({ firstDay: 7 }));
    const mails = links.flatMap((guard) => Array.from({ length: 5 }, () => asked(guard)));
    expect((await Promise.all(mails)).filter((answer) => answer === 'sent')).toHaveLength(7);
    expect(await asked(aGuard({ firstDay: 8 }))).toBe('sent');
    expect(await asked(aGuard({ firstDay: 8 }))).toBe(DAY);
  });

  it('is asked for no more by a link that has seen it full', async () => {
    const guard = aGuard({ firstDay: 1 });
    await asked(guard);
    await asked(guard);
    const take = jest.spyOn(ledger.warmUps, 'take');
    expect(await asked(guard)).toBe(DAY);
    expect(take).not.toHaveBeenCalled();
    await clock.advance(DAY);
    expect(await asked(guard)).toBe('sent');
  });

  it('counts a mail once, however often it is tried; on another day once more', async () => {
    const guard = aGuard({ firstDay: 1 });
    const mail = aMail();
    expect([await asked(guard, mail), await asked(guard, mail), await asked(guard, mail)]).toEqual(
      Array(3).fill('sent'),
    );
    expect(await asked(guard)).toBe(DAY);
    expect(await takenOn(0)).toBe(1);
    await clock.advance(DAY);
    expect(await asked(guard, mail)).toBe('sent');
    expect(await takenOn(1)).toBe(1);
  });

  it('has a place for whoever has got something already, and counts it', async () => {
    const guard = aGuard({ firstDay: 1 });
    expect([await asked(guard), await asked(guard)]).toEqual(['sent', DAY]);
    expect(await asked(guard, aMail({ isBegun: true }))).toBe('sent');
    expect(await takenOn(0)).toBe(2);
  });

  it('is nobody’s on a guess: waits where the ledger does not answer, fails where it may not be asked', async () => {
    const guard = aGuard();
    for (const part of ['begin', 'take'] as const) {
      const call = jest.spyOn(ledger.warmUps, part);
      call.mockRejectedValueOnce(sdkError('InternalServerError', 500, 'Internal server error'));
      expect(await asked(guard)).toBe('throttled');
      call.mockRejectedValueOnce(sdkError('AccessDeniedException', 400, 'Not authorized.'));
      expect(await asked(guard)).toBe('rejected');
      expect(await asked(guard)).toBe('sent');
    }
  });
});

describe('a warm-up that is over', () => {
  it('writes nothing any more, once it is known', async () => {
    let mailsADay = 5;
    const read = jest.fn(async () => mailsADay);
    const guard = aGuard({ firstDay: 4 }, read);
    await asked(guard);
    expect(await takenOn(0)).toBe(1);
    await clock.advance(DAY);
    await asked(guard);
    for (let mails = 0; mails < 20; mails += 1) expect(await asked(guard)).toBe('sent');
    expect(await takenOn(1)).toBeLessThanOrEqual(1);
    expect(read).toHaveBeenCalledTimes(2);
    // The account may send more by now.
    mailsADay = 50;
    await clock.advance(DAY);
    for (let mails = 0; mails < 16; mails += 1) expect(await asked(guard)).toBe('sent');
    expect(await asked(guard)).toBe(3 * DAY);
  });

  it('is not taken for over where nobody knows the quota', async () => {
    const guard = aGuard({ firstDay: 1 }, () => Promise.reject(sdkError('ThrottlingException', 400, 'Slow down.')));
    expect([await asked(guard), await asked(guard)]).toEqual(['sent', DAY]);
  });
});

describe('the guard on the mails of a job that warms up its domain', () => {
  const guardOf = (warmUp?: WarmUp) =>
    guardMails({
      ...{ ledger, clock, list: 'digest', nonce: () => String(++serial), policy: { sameAddress: 'skip' } },
      ...(warmUp && { warmUp: { warmUp, domain: DOMAIN, readMailsADay: async () => 50_000 } }),
    });
  const send = (guard: ReturnType<typeof guardOf>, to: string) =>
    when(
      clock,
      sendGuarded(guard, to, aMail(), async () => 'sent').catch((error: Refusal) => error.code),
    );

  it('takes no place for whoever may not be mailed, or has an address that another one has had', async () => {
    const guard = guardOf({ firstDay: 2 });
    await ledger.recipients.unsubscribe(recipientKeyOf('off@example.com'), 'digest', 1);
    expect(await send(guard, 'off@example.com')).toBe('unsubscribed');
    expect(await send(guard, 'a@example.com')).toBe('sent');
    expect(await send(guard, 'a@example.com')).toBe('same-address');
    expect(await send(guard, 'b@example.com')).toBe('sent');
    expect(await send(guard, 'c@example.com')).toBe('WarmUpDayFull');
    expect(await takenOn(0)).toBe(2);
  });

  it('asks for no place where the job warms up nothing', async () => {
    const guard = guardOf();
    for (const to of ['a@example.com', 'b@example.com']) expect(await send(guard, to)).toBe('sent');
    expect(await ledger.warmUps.read(DOMAIN, clock.now())).toEqual({ day: 0, taken: 0 });
  });
});
