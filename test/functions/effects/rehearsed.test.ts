import type { Email, MailTrace } from '../../../functions/contract/email';
import { Refusal } from '../../../functions/contract/errors';
import { ses } from '../../../functions/contract/provider';
import { type ItemTerms, rehearsedProviders, termsOf } from '../../../functions/effects/item-terms';
import { UNPACED } from '../../../functions/effects/paced-attempt';
import { processChunk } from '../../../functions/effects/process-chunk';
import { VirtualClock } from '../../support/virtual-clock';
import { greeting, mailTo, when } from '../chain/fixture';
import { always, type Process, process } from './items-world';

const PROVIDERS = { crm: { rate: 1000, concurrency: 1 }, mail: ses() };

/** An item of a dry run; what it does with mails is asked with each. */
async function rehearsing(job: Process, refuses: (email: Email) => Refusal | undefined = () => undefined) {
  const rehearsed: (Pick<Email, 'to'> & Pick<MailTrace, 'id' | 'chunk'>)[] = [];
  const seen = await process(always(), job, {
    job: { providers: PROVIDERS },
    rehearse: async (email, { id, chunk }) => {
      rehearsed.push({ to: email.to, id, chunk });
      const refusal = refuses(email);
      if (refusal) throw refusal;
    },
  });
  return { ...seen, rehearsed };
}

describe('an item of a dry run', () => {
  it('is done when its mails could have been sent, and has sent none', async () => {
    const { outcomes, rehearsed, asked, messageIds } = await rehearsing(({ send }) => send(mailTo(1)));

    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(rehearsed).toEqual([{ to: 'user-1@example.com', id: 1, chunk: 1 }]);
    expect([asked, messageIds]).toEqual([[], [[]]]);
  });

  it('is unprocessed or skipped as its mail is refused', async () => {
    const refusal = (kind: 'rejected' | 'suppressed', code: string) => () => new Refusal(kind, code, 'No.');
    const job: Process = ({ send }) => send(mailTo(1));

    expect((await rehearsing(job, refusal('rejected', 'InvalidEmail'))).outcomes).toMatchObject([
      { outcome: 'unprocessed', code: 'InvalidEmail' },
    ]);
    expect((await rehearsing(job, refusal('suppressed', 'unsubscribed'))).outcomes).toEqual([
      { outcome: 'skipped', reason: 'unsubscribed' },
    ]);
  });

  it('makes no call: each resolves with nothing', async () => {
    let attempts = 0;
    const answers: unknown[] = [];

    const { outcomes } = await rehearsing(async ({ call, send }) => {
      answers.push(await call('crm', () => ++attempts), await call('crm', () => ++attempts));
      await send(mailTo(1));
    });

    expect([attempts, answers, outcomes]).toEqual([0, [undefined, undefined], [{ outcome: 'done' }]]);
  });

  it('fails where the job needs what a call answers, as after a call that was made', async () => {
    const { outcomes } = await rehearsing(async ({ call, send }) => {
      const { name } = await call('crm', () => ({ name: 'Ada' }));
      await send({ ...mailTo(1), toName: name });
    });

    expect(outcomes).toMatchObject([{ outcome: 'in-doubt', code: 'TypeError' }]);
  });

  it('still calls only who is declared', async () => {
    const { outcomes } = await rehearsing(({ call }) => call('erp', () => 1));

    expect(outcomes).toMatchObject([{ outcome: 'unprocessed', code: 'NoSuchProvider' }]);
  });
});

describe('a chunk of a dry run', () => {
  const clock = new VirtualClock();
  const terms: ItemTerms = {
    ...{ job: greeting(), providers: [{ ...termsOf('crm', PROVIDERS.crm), pace: UNPACED }], rootRun: 'run-1', clock },
    ...{ lease: { held: () => true }, delivery: 'at-most-once', trace: { runId: 'run-1', chainId: 0, expiresAt: 0 } },
    send: () => Promise.reject(new Error('No mail is sent.')),
    rehearse: async () => {},
    onQuotaExhausted: () => {},
    onNotBefore: () => {},
  };
  const items = [1, 2].map((id) => ({ id, data: `row ${id}` }));

  it('makes no call, and its verdicts count', async () => {
    let attempts = 0;
    const job = greeting({
      processChunk: async (_, { call }) => {
        await call('crm', () => ++attempts);
        return ['done', new Refusal('rejected', 'NoName', 'It has none.')];
      },
    });

    const outcomes = await when(clock, processChunk(items, { ...terms, job }));

    expect(outcomes).toMatchObject([{ outcome: 'done' }, { outcome: 'unprocessed', code: 'NoName' }]);
    expect(attempts).toBe(0);
  });
});

describe('the providers of a dry run', () => {
  it('pace the items as ever, and nothing beside: no call waits for a place or another provider', async () => {
    const pace = { ...UNPACED, permit: async () => false };
    const places = { tryTake: () => false, take: async () => false, release: () => {} };
    const [first, second] = rehearsedProviders(
      Object.entries(PROVIDERS).map(([name, provider]) => ({ ...termsOf(name, provider), pace, places })),
    );

    expect([first?.pace, first?.places]).toEqual([pace, undefined]);
    expect([second?.pace, second?.places]).toEqual([UNPACED, undefined]);
    expect([first, second]).toMatchObject([
      { name: 'crm', isSes: false },
      { name: 'mail', isSes: true },
    ]);
  });
});
