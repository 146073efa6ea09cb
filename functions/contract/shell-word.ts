/** A name as one word of a POSIX shell, for commands that people copy. */
export function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Values by option; `true` where the option takes none. */
export type ShellOptions = Readonly<Record<string, string | number | true>>;

/** Operands and options of a command. What looks like an option and is none stands behind `--`, or behind `=`. */
export function shellArguments(operands: readonly string[], options: ShellOptions): string {
  const words = operands.map(shellWord);
  const named = Object.entries(options).map(([name, value]) => {
    if (value === true) return `--${name}`;
    const word = shellWord(String(value));
    return isLikeOption(String(value)) ? `--${name}=${word}` : `--${name} ${word}`;
  });
  return (operands.some(isLikeOption) ? [...named, '--', ...words] : [...words, ...named]).join(' ');
}

function isLikeOption(text: string): boolean {
  return text.startsWith('-');
}
