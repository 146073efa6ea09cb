import { encode as encodeBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import type MimeNode from 'nodemailer/lib/mime-node';
import { encode as encodeQuotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';

const CRLF = '\r\n';
/** Longest line of an encoded body, in characters (RFC 2045, 6.7 and 6.8). */
const LINE_CHARACTERS = 76;

/**
 * The bytes of a message whose parts are texts and files. Headers, boundaries and encodings are those of the library that composed
 * it; only its way to bytes is left out, four streams a mail, which took longer than everything else in a mail. Every line
 * ends with CRLF, the last one too.
 *
 * @throws TypeError where a part is neither text nor bytes
 */
export function renderMime(message: MimeNode): Buffer {
  return Buffer.from(withCrlf(rendered(message)), 'utf8');
}

function rendered(node: MimeNode): string {
  // The order matters: it is with the headers that a node finds out what it is.
  const headers = node.buildHeaders() + CRLF + CRLF;
  if (!node.multipart) return headers + bodyOf(node);
  const parts = node.childNodes.map((child) => `--${node.boundary}${CRLF}${rendered(child)}`);
  return `${headers}${parts.join(CRLF)}${CRLF}--${node.boundary}--${CRLF}`;
}

function bodyOf(node: MimeNode): string {
  const { content = '' } = node;
  // The bytes of a file.
  if (Buffer.isBuffer(content)) return wrapBase64(content.toString('base64'), LINE_CHARACTERS);
  if (typeof content !== 'string')
    throw new TypeError(`Expected the part of a mail to be text or bytes, got ${typeof content}.`);
  switch (node.getTransferEncoding()) {
    case 'quoted-printable':
      return wrapQuotedPrintable(encodeQuotedPrintable(content), LINE_CHARACTERS);
    case 'base64':
      return wrapBase64(encodeBase64(content), LINE_CHARACTERS);
    default:
      return content;
  }
}

function withCrlf(text: string): string {
  const lines = text.replace(/\r?\n/g, CRLF);
  return lines.endsWith(CRLF) ? lines : lines + CRLF;
}
