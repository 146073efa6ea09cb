import { type Email, mailTemplate } from 'worker-chains';
import compiled from './digest.compiled';
import type { Recipient } from './recipient';

/** Written in `digest/`; `worker-chains templates` has made a module of it. */
const DIGEST = mailTemplate(compiled);

/**
 * The weekly digest for one recipient, in the recipient's language.
 *
 * @param unsubscribeUrl where this recipient unsubscribes by one click, https
 */
export function digestFor(recipient: Recipient, unsubscribeUrl: string): Email {
  const { email: to, week } = recipient;
  const name = isName(recipient.name) ? recipient.name.trim() : '';
  const locale = DIGEST.languageFor(recipient.locale);
  const { numbers, dates } = formats(locale);
  const monday = new Date(`${week.startsOn}T00:00:00Z`);
  const sunday = new Date(monday);
  sunday.setUTCDate(monday.getUTCDate() + 6);
  const mail = DIGEST.render(locale, {
    name,
    unsubscribeUrl,
    week: {
      dates: dates.formatRange(monday, sunday),
      visits: numbers.format(week.visits),
      newFollowers: numbers.format(week.newFollowers),
      messages: numbers.format(week.messages),
      highlights: week.highlights.map(({ title, views }) => ({ title, views: numbers.format(views) })),
    },
  });
  return { ...mail, to, toName: name, unsubscribeUrl };
}

/** The link of a recipient to an endpoint of one's own, which is told by the token whom it is for. */
export function ownUnsubscribeLink({ unsubscribeToken }: Recipient, endpoint: string): string {
  const link = new URL(endpoint);
  link.searchParams.set('token', unsubscribeToken);
  return link.href;
}

/** What remains of a name when a part of it was missing and was written as text all the same. */
const SPOILT_NAME = /(?:^|\s)(?:undefined|null|NaN)(?=\s|$)|\[object /;

/** Something to be seen, and none of it made of a missing value. */
function isName(name: string): boolean {
  return /[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(name) && !SPOILT_NAME.test(name);
}

interface Formats {
  readonly numbers: Intl.NumberFormat;
  readonly dates: Intl.DateTimeFormat;
}

const cachedFormats = new Map<string, Formats>();

/** Kept per language: making an Intl object takes longer than the rest of a mail. */
function formats(locale: string): Formats {
  const cached = cachedFormats.get(locale);
  if (cached) return cached;
  const made = {
    numbers: new Intl.NumberFormat(locale),
    dates: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
  };
  cachedFormats.set(locale, made);
  return made;
}
