import type { Email } from '../contract/email';

/** A part of an unsubscribe link's path that is a token, not a word. */
const TOKEN = /^(?=.*\d).{8,}$/;

/**
 * What of a mail no message may repeat: the recipient's address, the unsubscribe link, and what in it tells one recipient
 * from another, their token. The mail is read at once, as the job made it, which may be anything; it is taken apart when
 * somebody asks.
 */
export function personalTexts(email: Email | undefined): () => readonly string[] {
  const to: unknown = email?.to;
  const unsubscribeUrl: unknown = email?.unsubscribeUrl;
  return () => {
    const texts: unknown[] = [to, unsubscribeUrl];
    if (typeof unsubscribeUrl === 'string' && URL.canParse(unsubscribeUrl)) {
      const { href, pathname, searchParams } = new URL(unsubscribeUrl);
      texts.push(href, ...searchParams.values(), ...pathname.split('/').filter((part) => TOKEN.test(part)));
    }
    return texts.filter((text) => typeof text === 'string');
  };
}
