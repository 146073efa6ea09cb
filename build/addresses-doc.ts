import { ADDRESS_CASES, ADDRESS_PAGES, type AddressCase, type AddressSource } from '../functions/email/address-cases';
import { codeSpan, markdownTable } from './markdown-table';

export function addressesDoc(): string {
  return `# Addresses

Made by \`npm run docs\` from \`functions/email/address-cases.ts\`; the tests put each case through the mailer, the composed mail and the embedded SES. The rules are those of \`functions/email/address.ts\`.

They hold for \`to\` and \`replyTo\` of a mail, for \`unsubscribeLink({ to })\`, and for the sender, which must not need quotes. What becomes of an address:

- **accepted**: the mail and the envelope, which is the \`Destinations\` of SendRawEmail, say what was given.
- **normalised**: both say what stands here. The ledger takes all writings of an address for one, in upper and lower case, too.
- **refused**: no mail is made, no permit of the pace is spent, and the item is unprocessed as \`InvalidEmail\`: "Expected \`to\` to be one e-mail address, got …: correct the recipient's record." The address itself is not repeated, because it is personal data.

Nothing is changed that could make another mailbox of it, and nothing is guessed: spaces are not trimmed, and \`user@gmial.com\` is an address. Why the rules are these: decision [31](decisions/0031-addresses.md).

Of what is refused, the third column has what the embedded SES says of it, as \`InvalidParameterValue\`: the product refuses more, so that no such call is made. That SES takes 7-bit ASCII only, and domains in Punycode, is documented; the words are some that users of SES have reported, and those of the mail library for Java, from which they come. That SES takes the quotes could not be tried: [what we could not verify](decisions/what-we-could-not-verify.md).

${Object.entries(ADDRESS_CASES).map(section).join('\n\n')}
`;
}

function section([title, cases]: readonly [string, readonly AddressCase[]]): string {
  const heads = ['address', 'what becomes of it', 'embedded SES', 'why', 'source'];
  return `## ${title}

${markdownTable(
  heads,
  cases.map((one) => [shown(one.input), outcome(one), embeddedSes(one), one.why, link(one.source)]),
)}`;
}

function outcome(one: AddressCase): string {
  if (one.verdict === 'accepted') return 'accepted';
  return one.verdict === 'normalised' ? shown(one.to) : `refused, got ${one.fault}`;
}

function embeddedSes(one: AddressCase): string {
  if (one.verdict !== 'refused') return '';
  return one.ses === undefined ? 'takes it' : codeSpan(one.ses);
}

/** What cannot be seen as its escape in JSON, and a long run of one character as its number. */
function shown(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Mn}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return codeSpan(visible.replace(/(.)\1{9,}/g, (run, character) => `${character}{${run.length}}`));
}

function link(source: AddressSource): string {
  const [, number, part] = /^RFC (\d+), (.+)$/.exec(source) ?? [];
  if (number === undefined || part === undefined) {
    return `[${source}](${ADDRESS_PAGES[source as keyof typeof ADDRESS_PAGES]})`;
  }
  const anchor = /^\d/.test(part) ? `section-${part}` : `appendix-${part}`;
  return `[${source}](https://www.rfc-editor.org/rfc/rfc${number}#${anchor})`;
}
