import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Email } from '../../functions/contract/email';
import { oneLine } from '../../functions/email/header-text';
import { composeMime } from '../../functions/email/mime';
import { AWKWARD_FORMS, awkwardMail, NAMES_BY_SCRIPT, readableFilename } from '../support/awkward-texts';
import { type Checks, referee } from './checks';

/**
 * Whether Python's parser (`email`, its default policy) reads in each header, file name and body what was written: names of
 * 14 scripts, each in every awkward form.
 */

const SENDER = { name: 'Weekly Digest', address: 'digest@example.com' };

function mailWith(text: string): Email {
  return {
    ...awkwardMail(text),
    html: `<p>${oneLine(text)}</p>`,
    text: oneLine(text),
    replyTo: 'answers@example.com',
    language: 'pt-BR',
    listId: 'weekly-digest.example.com',
  };
}

function expected({ subject, headers, attachments = [], html, text }: Email): Record<string, unknown> {
  const name = oneLine(subject);
  return {
    subject: name,
    from: [[name, SENDER.address]],
    to: [[name, 'user@example.org']],
    replyTo: ['answers@example.com'],
    note: oneLine(headers?.['X-Note'] ?? ''),
    language: 'pt-BR',
    listId: '<weekly-digest.example.com>',
    filenames: attachments.map(({ filename }) => readableFilename(oneLine(filename))),
    texts: attachments.map(({ content }) => oneText(content)),
    contents: attachments.map(({ content }) => Buffer.from(content).toString('base64')),
    html,
    text,
    defects: [],
  };
}

/** A text file as its reader sees it: half characters are none. */
function oneText(content: Uint8Array | string): string {
  return Buffer.from(content).toString('utf8');
}

/** The order too: what a reader takes for a header of its own would stand here. */
const HEADERS = [
  'From',
  'To',
  'Reply-To',
  'Subject',
  'List-ID',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Content-Language',
  'Auto-Submitted',
  'Precedence',
  'X-Note',
  'Message-ID',
  'Date',
  'MIME-Version',
  'Content-Type',
];

async function judge(checks: Checks): Promise<void> {
  const cases = Object.entries(NAMES_BY_SCRIPT).flatMap(([script, name]) =>
    Object.entries(AWKWARD_FORMS).map(([form, make]) => ({ what: `${script}, ${form}`, mail: mailWith(make(name)) })),
  );
  const raws = await Promise.all(cases.map(({ mail }) => composeMime(mail, SENDER, Date.UTC(2026, 10, 23))));
  const input = raws.map(({ raw }) => `${Buffer.from(raw).toString('base64')}\n`).join('');
  const output = execFileSync('python3', [join(__dirname, 'read_mails.py')], { input, maxBuffer: 2 ** 28 });
  const read = output.toString().trimEnd().split('\n');
  checks.equal('mails that Python read', read.length, cases.length);
  for (const [index, { what, mail }] of cases.entries()) {
    const got = JSON.parse(read[index] ?? '{}') as Record<string, unknown>;
    const wanted: Record<string, unknown> = { headers: HEADERS, ...expected(mail) };
    const wrong = Object.keys(wanted).filter((key) => JSON.stringify(got[key]) !== JSON.stringify(wanted[key]));
    const shown = wrong.map((key) => `${key} ${JSON.stringify(got[key])} for ${JSON.stringify(wanted[key])}`);
    checks.holds(`${what}: every header, file name and body`, wrong.length === 0, shown.join(' · ').slice(0, 600));
  }
}

referee(judge);
