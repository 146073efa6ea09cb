import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestFor } from '../../../examples/weekly-digest/mail';
import { recipients } from '../../../examples/weekly-digest/seed';
import { parseSender } from '../../../functions/email/address';
import { composeMime } from '../../../functions/email/mime';
import type { AcceptedMail } from '../../../local/ses/accepted-mail';
import { Inbox } from '../../../local/ses/inbox';
import { rawMail } from './mail';

function mail(number: number, change: Partial<AcceptedMail> = {}): AcceptedMail {
  const to = `user.${number}@example.com`;
  return {
    messageId: `message-${number}`,
    sentAt: number,
    destinations: [to],
    raw: rawMail({ To: to, Subject: `Week ${number}` }),
    ...change,
  };
}

function filled(...numbers: number[]): Inbox {
  const inbox = new Inbox();
  for (const number of numbers) inbox.add(mail(number));
  return inbox;
}

const ids = (inbox: Inbox, options: Parameters<Inbox['list']>[0]) =>
  inbox.list(options).mails.map(({ messageId }) => messageId);

describe('Inbox', () => {
  test('lists mails newest first, page by page', () => {
    const inbox = filled(1, 2, 3, 4, 5);

    expect(ids(inbox, { offset: 0, limit: 2 })).toEqual(['message-5', 'message-4']);
    expect(ids(inbox, { offset: 4, limit: 2 })).toEqual(['message-1']);
    expect(ids(inbox, { offset: 9, limit: 2 })).toEqual([]);
    expect(inbox.list({ offset: 0, limit: 0 })).toEqual({ total: 5, mails: [] });
  });

  test('finds mails by subject, sender, recipient and message id, whatever the case', () => {
    const inbox = filled(1, 2);
    inbox.add(
      mail(3, {
        raw: rawMail({
          Subject: '=?UTF-8?Q?Ihre_Woche=3A_Gr=C3=BC=C3=9Fe?=',
          From: '=?UTF-8?B?5L2Q6Jek?= <sato@example.com>',
        }),
      }),
    );

    expect(ids(inbox, { search: 'week 2', offset: 0, limit: 9 })).toEqual(['message-2']);
    expect(ids(inbox, { search: 'USER.1@', offset: 0, limit: 9 })).toEqual(['message-1']);
    expect(ids(inbox, { search: 'GRÜSSE'.replace('SS', 'ß'), offset: 0, limit: 9 })).toEqual(['message-3']);
    expect(ids(inbox, { search: ' 佐藤 ', offset: 0, limit: 9 })).toEqual(['message-3']);
    expect(ids(inbox, { search: 'message-2', offset: 0, limit: 9 })).toEqual(['message-2']);
    expect(inbox.list({ search: 'nothing', offset: 0, limit: 9 })).toEqual({ total: 0, mails: [] });
  });

  test('opens a mail: decoded headers, HTML, text and source', async () => {
    const [recipient] = recipients({ first: 1, last: 1, seed: 1 });
    if (!recipient) throw new Error('Expected recipient 1 of seed 1 to exist.');
    const email = digestFor({ ...recipient, locale: 'ar', name: 'ليلى الحداد' }, 'https://example.com/unsubscribe');
    const { raw } = await composeMime(email, parseSender('Weekly Digest <digest@example.com>'), 0);
    const inbox = new Inbox();
    inbox.add({ messageId: 'm', sentAt: 5, destinations: [email.to], raw: Buffer.from(raw) });

    const opened = await inbox.get('m');

    expect(opened).toMatchObject({ messageId: 'm', sentAt: 5, subject: email.subject, rawBytes: raw.length });
    expect(opened?.headers).toContainEqual(['Subject', email.subject]);
    expect(opened?.headers).toContainEqual(['To', `ليلى الحداد <${email.to}>`]);
    expect(opened?.headers).toContainEqual(['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click']);
    expect(opened?.html?.trim()).toBe(email.html.trim());
    expect(opened?.text?.trim()).toBe(email.text.trim());
    expect(opened?.raw.equals(raw)).toBe(true);
    expect(await inbox.get('other')).toBeUndefined();
  });

  test('counts mails by recipient', () => {
    const inbox = filled(1, 2);
    inbox.add(mail(3, { destinations: ['user.1@example.com', 'user.3@example.com'] }));

    expect([...inbox.countByRecipient()]).toEqual([
      ['user.1@example.com', 2],
      ['user.2@example.com', 1],
      ['user.3@example.com', 1],
    ]);
  });

  describe('kept in a file', () => {
    let directory = '';
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'inbox-'));
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    test('has the mails of the process before', async () => {
      const appendTo = join(directory, 'mails.ndjson');
      const first = new Inbox({ appendTo });
      first.add(mail(1, { raw: Buffer.concat([rawMail({ To: 'a@example.com' }), Buffer.from([0, 255, 10, 13])]) }));
      first.add(mail(2));

      const second = new Inbox({ appendTo });
      second.add(mail(3));
      const third = new Inbox({ appendTo });

      expect(ids(third, { offset: 0, limit: 9 })).toEqual(['message-3', 'message-2', 'message-1']);
      expect(await third.get('message-1')).toEqual(await first.get('message-1'));
      for (const inbox of [first, second, third]) inbox.close();
    });

    test('cuts off a line that a killed process left unfinished', () => {
      const appendTo = join(directory, 'mails.ndjson');
      const first = new Inbox({ appendTo });
      first.add(mail(1));
      first.close();
      appendFileSync(appendTo, '{"messageId":"message-2","sen');

      const second = new Inbox({ appendTo });
      second.add(mail(3));
      second.close();

      const third = new Inbox({ appendTo });
      expect(ids(third, { offset: 0, limit: 9 })).toEqual(['message-3', 'message-1']);
      expect(readFileSync(appendTo, 'utf8').split('\n')).toHaveLength(3);
      third.close();
    });
  });
});
