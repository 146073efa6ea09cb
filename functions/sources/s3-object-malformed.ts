import { isUtf8 } from 'node:buffer';

/** Code under which a line that cannot be read is unprocessed. */
export const MALFORMED_LINE = 'Line.Malformed';

/** Why a record cannot be read: what was expected and what came, without its content. */
export class MalformedRecord extends Error {
  override readonly name = MALFORMED_LINE;
}

/** @throws MalformedRecord where the bytes are no UTF-8 */
export function guardText(bytes: Buffer): void {
  if (!isUtf8(bytes)) throw new MalformedRecord('UTF-8 throughout, got other bytes');
}
