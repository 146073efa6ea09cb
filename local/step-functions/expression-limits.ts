import type jsonata from 'jsonata';

/** Characters of an expression. A bound of the embedded engine: the parser reads all of it at once. */
export const EXPRESSION_CHARACTERS = 32_768;

/** Brackets open at once in an expression. A bound of the embedded engine: parser and checks recurse once for each. */
export const EXPRESSION_DEPTH = 64;

/** Nodes of its syntax that one evaluation may visit. A bound of the embedded engine: a few seconds of work at most. */
export const EVALUATION_STEPS = 250_000;

/** What the syntax of an expression cannot spell, so that none can read or replace its own allowance. */
const ALLOWANCE = 'steps left';

const ENTRY = Symbol.for('jsonata.__evaluate_entry');

interface Allowance {
  steps: number;
}

/**
 * Why an expression is not even parsed; undefined if it may be. Brackets in strings count, which errs on the safe side.
 */
export function expressionTooLarge(source: string): string | undefined {
  if (source.length > EXPRESSION_CHARACTERS) {
    return `Expected at most ${EXPRESSION_CHARACTERS} characters, got ${source.length}: split the expression over Assign.`;
  }
  let depth = 0;
  for (const character of source) {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    if (depth > EXPRESSION_DEPTH) {
      return `Expected at most ${EXPRESSION_DEPTH} brackets within each other, got more: split the expression over Assign.`;
    }
  }
  return undefined;
}

/** The bindings that give one evaluation its steps. */
export function stepAllowance(): Readonly<Record<string, Allowance>> {
  return { [ALLOWANCE]: { steps: EVALUATION_STEPS } };
}

/** Ends an evaluation, by throwing, once it has visited as many nodes as its allowance has. */
export function limitSteps(compiled: jsonata.Expression): void {
  // JSONata's own hook for this, which its types do not know: it is looked up like a variable.
  compiled.assign(ENTRY as unknown as string, (_node: unknown, _input: unknown, environment: jsonata.Environment) => {
    const allowance = environment.lookup(ALLOWANCE) as Allowance | undefined;
    if (allowance === undefined) return;
    allowance.steps -= 1;
    if (allowance.steps < 0) {
      throw new Error(`Expected an evaluation of at most ${EVALUATION_STEPS} steps, got more: do the work in a Task.`);
    }
  });
}
