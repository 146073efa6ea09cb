import { addressParser, decodeWords } from 'postal-mime';

/** What SES reads of a raw message before it accepts it. */
export interface RawHeaders {
  /** The whole header section, its folded lines joined. */
  readonly unfolded: string;
  /** What `X-SES-CONFIGURATION-SET` names. */
  readonly configurationSet: string | undefined;
  /** As written, for instance `"Digest" <digest@example.com>`; empty if there is none. */
  readonly from: string;
  readonly fromAddresses: readonly string[];
  /** To, Cc and Bcc. */
  readonly recipients: readonly string[];
  /** Decoded (RFC 2047). */
  readonly subject: string;
}

/** Reads the few headers that sending needs; the whole message is parsed only when somebody opens it. */
export function readHeaders(raw: Buffer): RawHeaders {
  const head = raw.toString('utf8', 0, headerEnd(raw)).replace(/\r?\n(?=[ \t])/g, '');
  const values = (name: string) =>
    head
      .split(/\r?\n/)
      .filter((line) => line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
      .map((line) => line.slice(name.length + 1).trim());
  const addresses = (name: string) => values(name).flatMap(addressesOf);
  return {
    unfolded: head,
    configurationSet: values('x-ses-configuration-set')[0],
    from: values('from')[0] ?? '',
    fromAddresses: addresses('from'),
    recipients: ['to', 'cc', 'bcc'].flatMap(addresses),
    subject: decodeWords(values('subject')[0] ?? ''),
  };
}

/** The address of `Name <user@example.com>` or `user@example.com`, as it is written, for SES to refuse what is wrong. */
export function addressOf(text: string): string {
  return /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
}

/** The addresses of a header's list; an entry without one comes back as its text, to be refused as well. */
function addressesOf(text: string): string[] {
  return addressParser(text, { flatten: true }).map(({ address, name }) => address || name || text);
}

function headerEnd(raw: Buffer): number {
  const ends = [raw.indexOf('\r\n\r\n'), raw.indexOf('\n\n')].filter((at) => at >= 0);
  return ends.length > 0 ? Math.min(...ends) : raw.length;
}
