import { encodeWord } from 'nodemailer/lib/mime-funcs';

/** Characters of a word that stands in a header as it is: a line is folded at spaces only, and has at most 998. */
const LONGEST_WORD = 60;
/**
 * Characters of one encoded word; RFC 2047 allows 75, and 76 in a line, `Subject: ` included. As few words as can be: older
 * readers, Python 3.11 for one, put a space between those of a name.
 */
const ENCODED_WORD = 64;

/** Text that some reader takes for an encoded word (RFC 2047), that cannot be folded, or that folding would change. */
const NOT_AS_IT_IS = new RegExp(`=\\?|[^ ]{${LONGEST_WORD + 1}}| {2}`);

/** The text in one line: line breaks and other control characters become one space, half characters U+FFFD. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
}

/**
 * The whole text as encoded words (RFC 2047, encoding B) where it cannot stand as it is, to be folded between them;
 * `undefined` where it can, and the composer of the header may encode it as it needs.
 */
export function encodedWords(line: string): string | undefined {
  return NOT_AS_IT_IS.test(line) ? encodeWord(line, 'B', ENCODED_WORD) : undefined;
}

/** Like `encodedWords`, of a name beside an address: also where it is not ASCII alone. */
export function encodedName(line: string): string | undefined {
  return /[^ -~]/.test(line) ? encodeWord(line, 'B', ENCODED_WORD) : encodedWords(line);
}
