const LONGEST_NAME = 80;
/**
 * What no name of an execution may hold: white space, brackets, wildcards, special and control characters, U+FFFE and
 * U+FFFF, and surrogates, so nothing beyond U+FFFF either (API reference, StartExecution).
 */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS refuses control characters by their code.
  /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/;

/** What a name of an execution is, in words. */
export const EXECUTION_NAME = `1 to ${LONGEST_NAME} characters without white space, brackets and any of ? * " # % \\ ^ | ~ \` $ & , ; : /`;

/** Whether Step Functions takes this as the name of an execution, which is that of a run, too. */
export function isExecutionName(name: string): boolean {
  return name.length > 0 && name.length <= LONGEST_NAME && !FORBIDDEN.test(name);
}

/** A part of an execution's name that says what it is of: what no name may hold is written as `-`. */
export function nameable(text: string, longest: number): string {
  return [...text]
    .map((character) => (isExecutionName(character) ? character : '-'))
    .join('')
    .slice(0, longest);
}

/** What somebody has typed, as a sentence quotes it. */
export function quotedInput(text: string): string {
  if (text === '') return 'nothing';
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}… of ${text.length} characters` : text;
}
