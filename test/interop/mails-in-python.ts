import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Email } from '../../functions/contract/email';
import { ADDRESS_CASES } from '../../functions/email/address-cases';
import { oneLine } from '../../functions/email/header-text';
import { composeMime } from '../../functions/email/mime';
import { AWKWARD_FORMS, awkwardMail, NAMES_BY_SCRIPT, readableFilename } from '../support/awkward-texts';
import { type Checks, referee } from './checks';

/**
 * Whether Python's parser (`email`, its default policy) reads in each header, file name and body what was written: names of
 * 14 scripts, each in every awkward form, and every address that is not refused.
 */

const SENDER = { name: 'Weekly Digest', address: 'digest@example.com' };

interface Case {
  readonly what: string;
  readonly mail: Email;
  /** What must be read in To. */
  readonly to: string;
}

function awkwardTexts(): readonly Case[] {
  return Object.entries(NAMES_BY_SCRIPT).flatMap(([script, name]) =>
    Object.entries(AWKWARD_FORMS).map(([form, make]) => {
      const mail = mailWith(make(name));
      return { what: `${script}, ${form}`, mail, to: mail.to };
    }),
  );
}

/** With a name that needs quotes, and one that must be encoded. */
function addresses(): readonly Case[] {
  return Object.values(ADDRESS_CASES)
    .flat()
    .flatMap((one) => {
      if (one.verdict === 'refused') return [];
      const to = one.verdict === 'normalised' ? one.to : one.input;
      return ['Zoe, Ltd.', 'Zoë'].map((name) => ({
        what: `${one.input}, ${name}`,
        mail: { ...mailWith(name), to: one.input },
        to,
      }));
    });
}

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

function expected({ mail, to }: Case): Record<string, unknown> {
  const { subject, headers, attachments = [], html, text } = mail;
  const name = oneLine(subject);
  return {
    subject: name,
    from: [[name, SENDER.address]],
    to: [[name, to]],
    replyTo: ['answers@example.com'],
    note: oneLine(headers?.['X-Note'] ?? ''),
    language: 'pt-BR',
    listId: '<weekly-digest.example.com>',
    filenames: attachments.map(({ filename }) => readableFilename(oneLine(filename))),
    contents: attachments.map(({ content }) => Buffer.from(content).toString('base64')),
    html,
    text,
    defects: [],
  };
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
  const cases = [...awkwardTexts(), ...addresses()];
  const raws = await Promise.all(cases.map(({ mail }) => composeMime(mail, SENDER, Date.UTC(2026, 10, 23))));
  const input = raws.map(({ raw }) => `${Buffer.from(raw).toString('base64')}\n`).join('');
  const output = execFileSync('python3', [join(__dirname, 'read_mails.py')], { input, maxBuffer: 2 ** 28 });
  const read = output.toString().trimEnd().split('\n');
  checks.equal('mails that Python read', read.length, cases.length);
  for (const [index, one] of cases.entries()) {
    const got = JSON.parse(read[index] ?? '{}') as Record<string, unknown>;
    const wanted: Record<string, unknown> = { headers: HEADERS, ...expected(one) };
    const wrong = Object.keys(wanted).filter((key) => JSON.stringify(got[key]) !== JSON.stringify(wanted[key]));
    const shown = wrong.map((key) => `${key} ${JSON.stringify(got[key])} for ${JSON.stringify(wanted[key])}`);
    checks.holds(`${one.what}: every header, file name and body`, wrong.length === 0, shown.join(' · ').slice(0, 600));
  }
}

referee(judge);
