import { pageSource, type Shown } from '../../../cli/dev/page-source';
import { SentMails } from '../../../cli/dev/sent-mails';
import { tagsOf } from '../../../functions/email/trace-tags';
import { Inbox } from '../../../local/ses/inbox';
import { rawMail } from '../../local/ses/mail';

const inbox = new Inbox();
const engine = { inbox, url: 'http://here', endpoints: { ses: 'http://here' } };
const monitor = { runIdOf: async (arn: string) => arn.replace('arn:', '') };
const source = pageSource(() => ({ engine, monitor }) as unknown as Shown);

/** Sent by a chain, or by nobody that we know. */
function add(
  messageId: string,
  from?: { readonly runId: string; readonly chainId: number; readonly id: string | number },
) {
  const trace = from && { ...from, chunk: 0, index: 0, expiresAt: 0 };
  const tags = trace ? tagsOf(trace).map(({ Name, Value }) => [Name, Value] as const) : [];
  const destinations = ['a@example.com'];
  inbox.add({ messageId, sentAt: 0, destinations, raw: rawMail({ Subject: `Mail ${messageId}` }), tags });
}

add('a', { runId: 'monday', chainId: 0, id: 17 });
add('b', { runId: 'monday', chainId: 3, id: '17' });
add('c', { runId: 'tuesday', chainId: 3, id: 'x/y' });
add('d');

const found = async (query: Partial<Parameters<typeof source.mails>[0]>) =>
  (await source.mails({ search: '', offset: 0, limit: 9, ...query })).mails.map(({ messageId }) => messageId);

describe('the inbox of dev', () => {
  it('has the mails of all runs, or of one, or of one chain of it', async () => {
    expect(await found({})).toEqual(['d', 'c', 'b', 'a']);
    expect(await found({ executionArn: 'arn:monday' })).toEqual(['b', 'a']);
    expect(await found({ executionArn: 'arn:monday', chainId: 3 })).toEqual(['b']);
    expect(await found({ chainId: 3 })).toEqual(['c', 'b']);
    expect(await found({ executionArn: 'arn:wednesday' })).toEqual([]);
  });

  it('finds mails by the whole id of their item, a number or a text, beside what it finds in their text', async () => {
    expect(await found({ search: '17' })).toEqual(['b', 'a']);
    expect(await found({ search: 'x/y' })).toEqual(['c']);
    expect(await found({ search: '1' })).toEqual([]);
    expect(await found({ search: 'mail d' })).toEqual(['d']);
    expect(await found({ search: '17', executionArn: 'arn:tuesday' })).toEqual([]);
  });

  it('says of which item each mail was, where its tags do', async () => {
    const { mails } = await source.mails({ search: '', offset: 0, limit: 9 });
    expect(mails.map(({ origin }) => origin)).toEqual([
      undefined,
      { runId: 'tuesday', chainId: 3, item: 'x/y' },
      { runId: 'monday', chainId: 3, item: '17' },
      { runId: 'monday', chainId: 0, item: '17' },
    ]);
  });
});

describe('the mails of a run', () => {
  it('are counted as they arrive, each run its own', () => {
    const sent = new SentMails(engine as never);
    expect([sent.of('monday'), sent.of('tuesday'), sent.of(undefined)]).toEqual([
      { mails: 2 },
      { mails: 1 },
      { mails: 0 },
    ]);
    add('e', { runId: 'tuesday', chainId: 0, id: 1 });
    expect(sent.of('tuesday')).toEqual({ mails: 2 });
  });

  it('are those of all runs where another SES has them', () => {
    const elsewhere = new SentMails({ ...engine, endpoints: { ses: 'http://there' } } as never);
    expect(elsewhere.of('monday')).toEqual({ mails: 0, mailsOfAllRuns: true });
  });
});
