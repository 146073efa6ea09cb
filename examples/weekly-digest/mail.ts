import { type Email, type Html, html } from 'worker-chains';
import type { Highlight, Recipient } from './recipient';
import { DIGEST_TEXTS, type DigestLocale, type DigestTexts, digestLocale } from './texts';

/** Everything the HTML and the text show, already in the recipient's language. */
interface Digest {
  readonly locale: DigestLocale;
  readonly texts: DigestTexts;
  /** Empty if there is none to greet by. */
  readonly name: string;
  readonly week: string;
  readonly counts: readonly { readonly label: string; readonly value: string }[];
  readonly highlights: readonly { readonly title: string; readonly views: string }[];
  readonly unsubscribeUrl: string;
}

/**
 * The weekly digest for one recipient, in the recipient's language.
 *
 * @param unsubscribeUrl where this recipient unsubscribes by one click, https
 */
export function digestFor(recipient: Recipient, unsubscribeUrl: string): Email {
  const digest = digestOf(recipient, unsubscribeUrl);
  return {
    to: recipient.email,
    toName: digest.name,
    subject: digest.texts.subject(digest.week),
    html: page(digest).toString(),
    text: text(digest),
    unsubscribeUrl: digest.unsubscribeUrl,
  };
}

/** The link of a recipient to an endpoint of one's own, which is told by the token whom it is for. */
export function ownUnsubscribeLink({ unsubscribeToken }: Recipient, endpoint: string): string {
  const link = new URL(endpoint);
  link.searchParams.set('token', unsubscribeToken);
  return link.href;
}

function digestOf({ name, locale: wanted, week }: Recipient, unsubscribeUrl: string): Digest {
  const locale = digestLocale(wanted);
  const texts = DIGEST_TEXTS[locale];
  const { numbers, dates } = formats(locale);
  const monday = new Date(`${week.startsOn}T00:00:00Z`);
  const sunday = new Date(monday);
  sunday.setUTCDate(monday.getUTCDate() + 6);
  return {
    locale,
    texts,
    name: isName(name) ? name.trim() : '',
    week: dates.formatRange(monday, sunday),
    counts: [
      { label: texts.visits, value: numbers.format(week.visits) },
      { label: texts.newFollowers, value: numbers.format(week.newFollowers) },
      { label: texts.messages, value: numbers.format(week.messages) },
    ],
    highlights: week.highlights.map(({ title, views }: Highlight) => ({ title, views: numbers.format(views) })),
    unsubscribeUrl,
  };
}

/** What remains of a name when a part of it was missing and was written as text all the same. */
const SPOILT_NAME = /(?:^|\s)(?:undefined|null|NaN)(?=\s|$)|\[object /;

/** Something to be seen, and none of it made of a missing value. */
function isName(name: string): boolean {
  return /[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(name) && !SPOILT_NAME.test(name);
}

function greeting({ texts, name }: Digest): string {
  return name === '' ? texts.greetingWithoutName : texts.greeting(name);
}

interface Formats {
  readonly numbers: Intl.NumberFormat;
  readonly dates: Intl.DateTimeFormat;
}

const cachedFormats = new Map<DigestLocale, Formats>();

/** Kept per language: making an Intl object takes longer than the rest of a mail. */
function formats(locale: DigestLocale): Formats {
  const cached = cachedFormats.get(locale);
  if (cached) return cached;
  const made = {
    numbers: new Intl.NumberFormat(locale),
    dates: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
  };
  cachedFormats.set(locale, made);
  return made;
}

function text(digest: Digest): string {
  const { texts, week, counts, highlights, unsubscribeUrl } = digest;
  return [
    texts.subject(week),
    '',
    greeting(digest),
    texts.intro,
    '',
    ...counts.map(({ label, value }) => `${label}: ${value}`),
    '',
    texts.highlights,
    ...(highlights.length === 0 ? [texts.quietWeek] : []),
    ...highlights.map(({ title, views }) => `- ${title} (${texts.views}: ${views})`),
    '',
    '--',
    texts.reason,
    `${texts.unsubscribe}: ${unsubscribeUrl}`,
    '',
  ].join('\n');
}

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/** Tables and inline styles, because that is what mail clients render alike; tables for layout say so to screen readers. */
function page(digest: Digest): Html {
  const { locale, texts, week, counts, highlights, unsubscribeUrl } = digest;
  const preheader = counts.map(({ label, value }) => `${label}: ${value}`).join(' · ');
  const start = texts.direction === 'rtl' ? 'right' : 'left';
  return html`<!doctype html>
<html lang="${locale}" dir="${texts.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${texts.subject(week)}</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${preheader}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="${texts.direction}" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;${FONT};color:#1c2433;text-align:${start}">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">${texts.subject(week)}</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:${start}">${greeting(digest)}</p>
<p style="margin:0;font-size:16px;line-height:24px">${texts.intro}</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>${counts.map(countCell)}</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">${texts.highlights}</h2>
${highlights.length === 0 ? html`<p style="margin:0;font-size:16px;line-height:24px">${texts.quietWeek}</p>` : highlightTable(digest, start)}
</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
${texts.reason}<br>
<a href="${unsubscribeUrl}" style="color:#24408e;text-decoration:underline">${texts.unsubscribe}</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function countCell({ label, value }: Digest['counts'][number]): Html {
  return html`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">${value}</div>
<div style="font-size:13px;line-height:18px;color:#55607a">${label}</div>
</td>`;
}

/** `bdi`: a title may run in another direction than the mail. */
function highlightTable({ highlights, texts }: Digest, start: string): Html {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
${highlights.map(
  ({ title, views }) => html`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:${start}"><bdi>${title}</bdi></td>
<td align="${start === 'left' ? 'right' : 'left'}" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">${texts.views}: ${views}</td>
</tr>
`,
)}</table>`;
}
