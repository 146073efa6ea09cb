import type { Email } from '../../functions/contract/email';

/** A name in each of 14 scripts, as people have it. */
export const NAMES_BY_SCRIPT = {
  Latin: 'Łukasz Świątek-Ñuñez',
  Greek: 'Αλέξανδρος Παπαδόπουλος',
  Cyrillic: 'Святослав Ёлкин',
  Armenian: 'Հայկ Պետրոսյան',
  Hebrew: 'שָׂרָה כֹּהֵן',
  Arabic: 'محمّد بن عبد الله',
  Devanagari: 'श्रीकृष्ण त्रिपाठी',
  Bengali: 'রবীন্দ্রনাথ ঠাকুর',
  Tamil: 'திருவள்ளுவர்',
  Thai: 'สมชาย ใจดี',
  Georgian: 'ნინო ბერიძე',
  Han: '王𠮷小明',
  Kana: 'やまだ　タロウ',
  Hangul: '김민준',
} as const;

/** What may stand around a name, or instead of it, and has a meaning to some reader of headers. */
export const AWKWARD_FORMS: Readonly<Record<string, (name: string) => string>> = {
  plain: (name) => name,
  quotes: (name) => `"${name}" 'x'`,
  comma: (name) => `${name}, Jr.`,
  parentheses: (name) => `${name} (she (they)`,
  angles: (name) => `${name} <x@example.net>`,
  address: (name) => `x@example.net, ${name}; y: z@example.net`,
  emoji: (name) => `${name} 👩🏽‍🚀👨‍👩‍👧‍👦🇵🇱`,
  combining: (name) => `${name} Z̸͔̈a̶͎͝l̷͇̀g̶̣͂o̴͚͋ e\u0301`,
  directionMarks: (name) => `\u202e${name}\u202c \u200f\u200e\u2067x\u2069`,
  longWord: (name) => `${name}${name.replace(/\s/g, '').repeat(40)}`,
  longAscii: (name) => `${name} ${'x'.repeat(1100)}`,
  lookalike: (name) => `=?UTF-8?Q?${name}=0D=0ABcc:_x@example.net?=`,
  brokenLookalike: (name) => `=?utf-8?b?${name}`,
  lookalikes: (name) => `=?utf-8?q?a?= ${name} =?utf-8?q?b?=`,
  trailingBackslash: (name) => `${name}\\`,
  backslashQuote: (name) => `${name} \\" \\\\`,
  loneSurrogates: (name) => `\udc00${name}\ud800 \ud83d`,
  nul: (name) => `${name}\u0000x\u0007`,
  lineBreaks: (name) => `${name}\r\nBcc: x@example.net\r\n\r\nbody\u2028\u0085y`,
  manySpaces: (name) => `  ${name}   ${name}  `,
  noBreakSpaces: (name) => `\u00a0${name}\u00a0\u3000x\u200b`,
  underscores: (name) => `_${name}_=20=?`,
  colon: (name) => `${name}: x; [y]`,
};

/** The name of a file as a reader is to get it, from one that is one line. */
export function readableFilename(line: string): string {
  return line.replace(/[<>:"|?*]/g, '_').replace(/ +/g, ' ');
}

/** A mail that has a text wherever a reader may see it. */
export function awkwardMail(text: string): Email {
  return {
    to: 'user@example.org',
    toName: text,
    fromName: text,
    subject: text,
    html: `<p>${text}</p>`,
    text,
    unsubscribeUrl: 'https://example.com/unsubscribe',
    headers: { 'X-Note': text.slice(0, 1000) },
    attachments: [{ filename: text.replace(/[/\\]/g, '-').slice(0, 255), contentType: 'text/plain', content: text }],
  };
}
