import { createHash } from 'node:crypto';
import type { Attachment } from '../contract/email';
import { oneLine } from './header-text';
import { guardText, invalidEmail } from './invalid-email';

/**
 * Bytes of a whole message, encoded. SES v1 answers "Message length is more than 10485760 bytes long" above; only its v2
 * and SMTP take 40 MB.
 */
const MOST_BYTES = 10_485_760;
/** Bytes that base64 makes of one, its line breaks included: 78 for 57. */
const BASE64_GROWTH = 78 / 57;

/** RFC 6838, 4.2: names of at most 127 characters. A message within the message, or parts within a part, is no file. */
const CONTENT_TYPE = /^(?!multipart\/|message\/)[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;
const LONGEST_FILENAME = 255;
/** What Windows has in no name of a file. And readers decode what looks like an encoded word (`=?…?=`) even here. */
const NO_FILENAME = /[<>:"|?*]/g;

/** A part as the composer takes it. */
interface AttachmentPart {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly contentDisposition: 'attachment';
  readonly contentTransferEncoding: 'base64';
}

/**
 * The files of a mail as parts of it.
 *
 * @throws Refusal `rejected`, code `InvalidEmail`, where one cannot be sent, or where they are too large: before anything
 * is encoded
 */
export function attachmentParts(attachments: readonly Attachment[]): AttachmentPart[] {
  if (!Array.isArray(attachments)) {
    throw invalidEmail(
      '`attachments` to be a list',
      `a value of the type ${typeof attachments}`,
      "correct the job's mail",
    );
  }
  const parts = attachments.map(attachmentPart);
  guardSize(parts.reduce((bytes, { content }) => bytes + Math.ceil(content.length * BASE64_GROWTH), 0));
  return parts;
}

/**
 * @param bytes of the whole message, encoded
 * @throws Refusal `rejected`, code `InvalidEmail`, where SES takes no message of that size
 */
export function guardSize(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw invalidEmail(
    `the whole mail to have at most ${MOST_BYTES} bytes once its attachments are encoded`,
    `${bytes}`,
    'link to what is large instead of attaching it',
  );
}

/** What stands for files in a mail's fingerprint: their bytes as JSON would be many times as many. */
export function fingerprints(attachments: readonly Attachment[]): unknown {
  return attachments.map(({ filename, contentType, content }) => [
    filename,
    contentType,
    createHash('sha256').update(content).digest('hex'),
  ]);
}

function attachmentPart(given: Attachment): AttachmentPart {
  const { filename, contentType, content } = given ?? {};
  guardText('attachments.filename', filename);
  // A row of blanks might be folded to a line of blanks alone, which some reader takes for the end of the headers.
  const name = oneLine(filename).replace(NO_FILENAME, '_').replace(/ {2,}/g, ' ');
  if (name === '' || name.length > LONGEST_FILENAME || /[/\\]/.test(name) || /^\.+$/.test(name)) {
    throw invalidEmail(
      `\`attachments.filename\` to be a name of 1 to ${LONGEST_FILENAME} characters without a directory`,
      `another text of ${filename.length} characters`,
      "correct the job's mail",
    );
  }
  guardText('attachments.contentType', contentType);
  if (!CONTENT_TYPE.test(contentType)) {
    throw invalidEmail(
      '`attachments.contentType` to be a type and a subtype such as application/pdf',
      `another text of ${contentType.length} characters`,
      "correct the job's mail",
    );
  }
  const type = contentType.toLowerCase();
  // Of bytes nobody has said what text they are: their reader has to find out, as of any file.
  const isOurText = typeof content === 'string' && type.startsWith('text/');
  return {
    filename: name,
    contentType: isOurText ? `${type}; charset=utf-8` : type,
    content: bytesOf(content),
    contentDisposition: 'attachment',
    contentTransferEncoding: 'base64',
  };
}

function bytesOf(content: unknown): Buffer {
  if (typeof content === 'string') return Buffer.from(content, 'utf8');
  if (content instanceof Uint8Array) return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  throw invalidEmail(
    '`attachments.content` to be bytes or text',
    `a value of the type ${content === null ? 'null' : typeof content}`,
    "correct the job's mail: a stream has to be read first",
  );
}
