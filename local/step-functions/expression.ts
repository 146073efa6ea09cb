import jsonata from 'jsonata';
import { expressionTooLarge, limitSteps, stepAllowance } from './expression-limits';
import { refusal, type SyntaxNode } from './expression-rules';
import { QUERY_EVALUATION_ERROR, StateFailure } from './failure';
import { registerFunctions, type Surroundings } from './jsonata-functions';

/** What an expression sees: the variables, and `states` for `$states`. */
export type Bindings = Readonly<Record<string, unknown>>;

/** A compiled expression. Its value may be shared with the bindings: never change it. */
export type Expression = (bindings: Bindings) => unknown | Promise<unknown>;

/** Why an expression is refused when the state machine is created. */
export class RefusedExpression extends Error {
  constructor(
    readonly code: 'INVALID_JSONATA_EXPRESSION' | 'UNSUPPORTED_JSONATA_EXPRESSION',
    message: string,
    /** Field of the state, as AWS writes it. */
    readonly location: string,
  ) {
    super(message);
  }
}

/**
 * Compiles a JSONata expression (without its `{% %}`). `location` is the field as AWS names it, for instance
 * `Arguments/Payload/runId`. The compiled expression throws a `StateFailure`, `States.QueryEvaluationError`.
 *
 * @throws RefusedExpression where it is too large, is not JSONata, or uses what Step Functions refuses
 */
export function compileExpression(
  source: string,
  location: string,
  inCatcher: boolean,
  surroundings: Surroundings,
): Expression {
  const { compiled, syntax } = parse(source, location, inCatcher);
  registerFunctions(compiled, surroundings);
  limitSteps(compiled);
  const evaluate = evaluation(
    compiled,
    `The JSONata expression '${source}' specified for the field '${location}'`,
    location,
  );
  const names = plainPath(syntax);
  if (names === undefined) return evaluate;
  return (bindings) => {
    const value = followPath(names, bindings);
    return value === undefined ? evaluate(bindings) : value;
  };
}

function parse(source: string, location: string, inCatcher: boolean) {
  const tooLarge = expressionTooLarge(source);
  if (tooLarge !== undefined) throw new RefusedExpression('INVALID_JSONATA_EXPRESSION', tooLarge, location);
  let compiled: jsonata.Expression;
  try {
    compiled = jsonata(source);
  } catch (error) {
    throw new RefusedExpression('INVALID_JSONATA_EXPRESSION', (error as Error).message, location);
  }
  const syntax = compiled.ast() as unknown as SyntaxNode;
  const refused = refusal(syntax, inCatcher);
  if (refused !== undefined) throw new RefusedExpression('UNSUPPORTED_JSONATA_EXPRESSION', refused, location);
  return { compiled, syntax };
}

/** @param subject begins the sentence that says why an evaluation failed */
function evaluation(compiled: jsonata.Expression, subject: string, location: string) {
  const fail = (reason: string): never => {
    throw new StateFailure({ error: QUERY_EVALUATION_ERROR, cause: `${subject} ${reason}` }, location);
  };
  return async (bindings: Bindings): Promise<unknown> => {
    let value: unknown;
    try {
      value = await compiled.evaluate(undefined, { ...bindings, ...stepAllowance() });
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      fail(`threw an error during evaluation. ${code === undefined ? '' : `${code}: `}${message}`);
    }
    if (value === undefined) fail('returned nothing (undefined).');
    return plain(value, () => fail('returned a function, which is not JSON.'));
  };
}

/**
 * `$run.runId` and its like are most of the expressions of a state machine and need no interpreter. The names of such
 * a path, or undefined if the expression is anything else.
 */
function plainPath(syntax: SyntaxNode): readonly string[] | undefined {
  const steps = syntax.type === 'path' && syntax.keepSingletonArray !== true ? (syntax.steps ?? []) : [syntax];
  if (syntax.group !== undefined) return undefined;
  const plainStep = (step: SyntaxNode, index: number) =>
    step.type === (index === 0 ? 'variable' : 'name') &&
    step.value !== '' &&
    Object.keys(step).every((property) => property === 'type' || property === 'value' || property === 'position');
  return steps.every(plainStep) ? steps.map((step) => String(step.value)) : undefined;
}

/** Undefined where JSONata's own rules are needed (an array to map over, a missing field). */
function followPath(names: readonly string[], bindings: Bindings): unknown {
  let value: unknown = bindings;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'function' ? undefined : value;
}

/** Takes the marks off JSONata's result arrays, which would change the meaning of a later expression. */
function plain(value: unknown, refuse: () => never): unknown {
  if (typeof value === 'function') return refuse();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => plain(entry, refuse));
  // JSONata's own functions and lambdas are objects with these marks.
  if ('_jsonata_function' in value || '_jsonata_lambda' in value) return refuse();
  const copy: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry !== undefined) copy[key] = plain(entry, refuse);
  }
  return copy;
}
