import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { AcceptedMail } from './accepted-mail';

export interface MailFile {
  /** The mails of earlier processes, oldest first. */
  read(): Generator<AcceptedMail>;
  append(mail: AcceptedMail): void;
  close(): void;
}

const NEWLINE = 0x0a;

/**
 * Mails as JSON lines. Each mail is written by one synchronous call before SES answers, so a mail that was accepted
 * survives the process being killed.
 */
export function openMailFile(path: string): MailFile {
  const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const complete = content.lastIndexOf(NEWLINE) + 1;
  const file = openSync(path, 'a');
  if (complete < content.length) ftruncateSync(file, complete);
  return {
    *read() {
      for (let start = 0; start < complete; ) {
        const end = content.indexOf(NEWLINE, start);
        const { raw, ...mail } = JSON.parse(content.toString('utf8', start, end)) as StoredLine;
        yield { ...mail, raw: Buffer.from(raw, 'base64') };
        start = end + 1;
      }
    },
    append(mail) {
      const line: StoredLine = { ...mail, raw: mail.raw.toString('base64') };
      writeSync(file, `${JSON.stringify(line)}\n`);
    },
    close() {
      closeSync(file);
    },
  };
}

interface StoredLine extends Omit<AcceptedMail, 'raw'> {
  /** Base64. */
  readonly raw: string;
}
