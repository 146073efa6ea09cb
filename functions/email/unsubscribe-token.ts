import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Who wants no more mails, of which list; what a link says. */
export interface UnsubscribeClaim {
  /** Stands for the address: see `recipientKeyOf`. */
  readonly recipient: string;
  /** Name of the job whose mails these are. */
  readonly list: string;
  /** BCP 47: the language of the page. */
  readonly locale: string;
}

/** A key of links, named so that it can be followed by another. */
export interface UnsubscribeKey {
  /** 1 to 16 letters, digits or hyphens. */
  readonly id: string;
  /** Any text that nobody can guess. */
  readonly key: string;
}

/** The key that links are made with, and the one before, whose links are still out. */
export interface UnsubscribeKeys {
  readonly current: UnsubscribeKey;
  readonly previous?: UnsubscribeKey;
}

/** For so long a link works: people read old mails, and a law may ask for 30 days at least. */
export const LINK_DAYS = 365;

const DAY_MILLISECONDS = 86_400_000;
const IV_BYTES = 16;
/** Characters; ours have about 250. */
const LONGEST_TOKEN = 1000;
const FORM = /^([A-Za-z0-9-]{1,16})\.([\w-]+)\.([\w-]{43})$/;

/** Under what its key is known as long as the secret is a single text, as CloudFormation makes it. */
const FIRST_KEY = 'first';

/**
 * Reads the secret: `{"current": {"id": …, "key": …}, "previous": {…}}`, or a single text, which is its first key.
 *
 * @throws Error where it is neither; the message does not repeat it
 */
export function unsubscribeKeys(secret: string): UnsubscribeKeys {
  if (!secret.trimStart().startsWith('{')) {
    if (secret.length >= 32) return { current: { id: FIRST_KEY, key: secret } };
    throw new Error('Expected the secret of unsubscribe links to have at least 32 characters: generate another.');
  }
  const { current, previous } = parsed(secret);
  if (isKey(current) && (previous === undefined || isKey(previous)) && current.id !== previous?.id) {
    return { current, ...(previous && { previous }) };
  }
  throw new Error(
    'Expected the secret of unsubscribe links to be {"current": {"id", "key"}, "previous": {"id", "key"}} with two ids and keys of at least 32 characters, got something else: see docs/mail.md.',
  );
}

function parsed(secret: string): { readonly current?: unknown; readonly previous?: unknown } {
  try {
    return JSON.parse(secret);
  } catch {
    return {};
  }
}

function isKey(value: unknown): value is UnsubscribeKey {
  const { id, key } = (value ?? {}) as Partial<UnsubscribeKey>;
  return typeof id === 'string' && /^[A-Za-z0-9-]{1,16}$/.test(id) && typeof key === 'string' && key.length >= 32;
}

/** Makes the tokens of links. They show nothing of whom they are for: encrypted, then signed. */
export class UnsubscribeTokens {
  private readonly keys: ReadonlyMap<string, DerivedKeys>;
  private readonly current: string;

  /** @param randomBytes of this length, different at each call */
  constructor(
    { current, previous }: UnsubscribeKeys,
    private readonly randomBytes: (length: number) => Buffer,
  ) {
    this.current = current.id;
    const all = previous ? [previous, current] : [current];
    this.keys = new Map(all.map(({ id, key }) => [id, derived(key)]));
  }

  /** @param now milliseconds since the epoch */
  make({ recipient, list, locale }: UnsubscribeClaim, now: number): string {
    const { encryption, signature } = this.keys.get(this.current) as DerivedKeys;
    const expiresOn = Math.ceil(now / DAY_MILLISECONDS) + LINK_DAYS;
    const iv = this.randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-ctr', encryption, iv);
    const text = JSON.stringify([recipient, list, locale, expiresOn]);
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64url');
    const signed = `${this.current}.${sealed}`;
    return `${signed}.${sign(signed, signature)}`;
  }

  /**
   * What a token says; `forged` if it is none of ours, or of a key that is not used any more; `expired` if it is too old.
   *
   * @param now milliseconds since the epoch
   */
  read(token: unknown, now: number): UnsubscribeClaim | 'forged' | 'expired' {
    const form = typeof token === 'string' && token.length <= LONGEST_TOKEN ? FORM.exec(token) : null;
    if (!form) return 'forged';
    const [, id = '', sealed = '', mark = ''] = form;
    const keys = this.keys.get(id);
    if (!keys || !isSame(mark, sign(`${id}.${sealed}`, keys.signature))) return 'forged';
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-ctr', keys.encryption, bytes.subarray(0, IV_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]).toString('utf8');
    // Signed by us, so it is what `make` wrote.
    const [recipient, list, locale, expiresOn] = JSON.parse(text) as [string, string, string, number];
    return now < expiresOn * DAY_MILLISECONDS ? { recipient, list, locale } : 'expired';
  }
}

interface DerivedKeys {
  readonly encryption: Buffer;
  readonly signature: Buffer;
}

function derived(key: string): DerivedKeys {
  const of = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `worker-chains unsubscribe ${purpose}`, 32));
  return { encryption: of('encryption'), signature: of('signature') };
}

function sign(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** In a time that tells nothing of how much of them is the same. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
