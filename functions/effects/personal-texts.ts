import type { Email } from '../contract/email';

/** A part of an unsubscribe link's path counts as a token if it has a digit and at least 8 characters. */
const TOKEN = /^(?=.*\d).{8,}$/;

/**
 * The texts of a mail that no message may repeat: the recipient's address, the unsubscribe link, and the tokens in it. The
 * job may change the mail afterwards, so it is read at once; the link is parsed when the texts are asked for.
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
