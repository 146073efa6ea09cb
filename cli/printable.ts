/**
 * Characters that move the cursor, clear the screen, turn the direction of text or break a line: C0, DEL and C1, the
 * bidi controls (Unicode Bidi_Control), the two separators U+2028 and U+2029, and surrogates without a partner.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Text from outside on one line, as it may go to a terminal: whatever could act there is written as `\uXXXX`. JSON
 * text stays JSON with the same meaning. Line breaks are escaped as well: add your own afterwards.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** An error with its stack. Only the breaks between frames are kept: those of the message may be anybody's. */
export function printableError(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const { name, message, stack = '' } = error;
  const at = stack.indexOf(message);
  // A message that was changed later is not in the stack, and nothing tells it from the frames then.
  const frames =
    at < 0
      ? []
      : stack
          .slice(at + message.length)
          .split('\n')
          .slice(1);
  return [`${name}: ${message}`, ...frames].map(printable).join('\n');
}
