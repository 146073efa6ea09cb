import type { Catcher, ChoiceRule, Exit } from './definition';
import { invalid, unimplemented } from './definition-error';
import { compileExpression, RefusedExpression } from './expression';
import type { Retrier } from './failure';
import { Fields, object } from './fields';
import type { Surroundings } from './jsonata-functions';
import { compileTemplate, isConstant, type Template } from './payload-template';

/** AWS accepts delays up to 31622400 s, 366 days. */
const LONGEST_RETRY_SECONDS = 31_622_400;

/** Longest a Task may run, and what a state machine may set as its own bound: 99999999 s. */
export const LONGEST_TIMEOUT_SECONDS = 99_999_999;

/** Where a part of the definition stands while it is parsed. */
export interface Site {
  readonly surroundings: Surroundings;
  /** Variables that the containers around assign: they can be read here, but not assigned. */
  readonly outerVariables: ReadonlySet<string>;
  /** Collects the names of all states: they are unique in the whole state machine. */
  readonly stateNames: Set<string>;
  /** Collects the labels of all distributed Maps: they are unique in the whole state machine. */
  readonly labels: Set<string>;
  /** Whether this is inside a Map. */
  readonly isInMap: boolean;
}

/**
 * Compiles a field; `location` is its path inside the state.
 *
 * @throws ServiceError `InvalidDefinition` where an expression is refused
 */
export function template(site: Site, value: unknown, statePath: string, location: string, inCatcher = false): Template {
  try {
    return compileTemplate(value, location, (source, at) =>
      compileExpression(source, at, inCatcher, site.surroundings),
    );
  } catch (error) {
    if (error instanceof RefusedExpression) throw invalid(error.code, error.message, `${statePath}/${error.location}`);
    throw error;
  }
}

export function optionalTemplate(site: Site, fields: Fields, name: string): Template | undefined {
  return fields.has(name) ? template(site, fields.get(name), fields.path, name) : undefined;
}

/** A field that holds an integer, `min` or more, or an expression for one. */
export function integerTemplate(site: Site, fields: Fields, name: string, min = 1): Template | undefined {
  const compiled = optionalTemplate(site, fields, name);
  if (compiled !== undefined && isConstant(compiled)) {
    fields.number(name, min, { min, max: LONGEST_TIMEOUT_SECONDS, integer: true });
  }
  return compiled;
}

/** `Output` and `Assign`; `prefix` is `Catch[0]/` and the like, for locations inside the state. */
function outputAndAssign(site: Site, fields: Fields, statePath: string, prefix: string): Exit {
  const inCatcher = prefix.startsWith('Catch');
  if (fields.has('Assign')) {
    for (const name of Object.keys(object(fields.get('Assign'), fields.at('Assign')))) {
      if (name === 'states' || !/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name) || name.length > 80) {
        throw invalid('INVALID_VARIABLE_NAME', `'${name}' cannot be assigned`, fields.at('Assign'));
      }
      if (site.outerVariables.has(name)) {
        throw invalid('DUPLICATE_VARIABLE_NAME', `'${name}' belongs to the scope around this one`, fields.at('Assign'));
      }
    }
  }
  const compile = (name: string) =>
    fields.has(name) ? template(site, fields.get(name), statePath, `${prefix}${name}`, inCatcher) : undefined;
  return { output: compile('Output'), assign: compile('Assign') };
}

/**
 * `Output`, `Assign`, and exactly one of `Next` and `End: true`.
 *
 * @throws ServiceError `InvalidDefinition` where a field is refused
 */
export function exit(site: Site, fields: Fields): Exit {
  const next = fields.optionalText('Next');
  const ends = fields.has('End') && fields.get('End') === true;
  if ((next !== undefined) === ends || (fields.has('End') && typeof fields.get('End') !== 'boolean')) {
    throw invalid('SCHEMA_VALIDATION_FAILED', "Expected either 'Next' or 'End': true", fields.path);
  }
  return { ...outputAndAssign(site, fields, fields.path, ''), next };
}

/** The way out of a state that never names its successor itself: Choice (its Default) and Succeed. */
export function exitTo(site: Site, fields: Fields, next: string | undefined): Exit {
  return { ...outputAndAssign(site, fields, fields.path, ''), next };
}

/** @throws ServiceError `InvalidDefinition` where a rule is refused */
export function choiceRules(site: Site, fields: Fields): ChoiceRule[] {
  const rules = fields.list('Choices');
  if (rules.length === 0)
    throw invalid('SCHEMA_VALIDATION_FAILED', 'Expected at least one choice', fields.at('Choices'));
  return rules.map((value, index) => {
    const prefix = `Choices[${index}]/`;
    const rule = new Fields(value, fields.at(`Choices[${index}]`), [
      'Condition',
      'Next',
      'Output',
      'Assign',
      'Comment',
    ]);
    const condition = template(site, rule.required('Condition'), fields.path, `${prefix}Condition`);
    if (isConstant(condition) && typeof condition.constant !== 'boolean') {
      throw invalid('SCHEMA_VALIDATION_FAILED', 'Expected a boolean or an expression', rule.at('Condition'));
    }
    return { condition, ...outputAndAssign(site, rule, fields.path, prefix), next: rule.text('Next') };
  });
}

export function catchers(site: Site, fields: Fields): Catcher[] {
  const list = fields.list('Catch');
  return list.map((value, index) => {
    const catcher = new Fields(value, fields.at(`Catch[${index}]`), [
      'ErrorEquals',
      'Next',
      'Output',
      'Assign',
      'Comment',
    ]);
    return {
      errorEquals: errorEquals(catcher, index === list.length - 1),
      ...outputAndAssign(site, catcher, fields.path, `Catch[${index}]/`),
      next: catcher.text('Next'),
    };
  });
}

export function retriers(fields: Fields): Retrier[] {
  const list = fields.list('Retry');
  return list.map((value, index) => {
    const retrier = new Fields(value, fields.at(`Retry[${index}]`), [
      'ErrorEquals',
      'IntervalSeconds',
      'MaxAttempts',
      'BackoffRate',
      'MaxDelaySeconds',
      'JitterStrategy',
      'Comment',
    ]);
    const intervalSeconds = retrier.number('IntervalSeconds', 1, { min: 1, max: LONGEST_RETRY_SECONDS, integer: true });
    return {
      errorEquals: errorEquals(retrier, index === list.length - 1),
      intervalSeconds,
      maxAttempts: retrier.number('MaxAttempts', 3, { min: 0, max: LONGEST_TIMEOUT_SECONDS, integer: true }),
      backoffRate: retrier.number('BackoffRate', 2, { min: 1, integer: false }),
      maxDelaySeconds: retrier.number('MaxDelaySeconds', Number.POSITIVE_INFINITY, {
        min: intervalSeconds + 1,
        max: LONGEST_RETRY_SECONDS,
        integer: true,
      }),
      fullJitter: retrier.oneOf('JitterStrategy', ['NONE', 'FULL']) === 'FULL',
    };
  });
}

function errorEquals(fields: Fields, last: boolean): readonly string[] {
  const names = fields.texts('ErrorEquals');
  if (names.includes('States.ALL') && (names.length > 1 || !last)) {
    throw invalid(
      'SCHEMA_VALIDATION_FAILED',
      "Expected 'States.ALL' to stand alone and in the last place",
      fields.at('ErrorEquals'),
    );
  }
  const unknown = names.find((name) => name.startsWith('States.') && !PREDEFINED_ERRORS.has(name));
  if (unknown !== undefined) throw unimplemented(`the error '${unknown}'`, fields.at('ErrorEquals'));
  return names;
}

/** Errors with the reserved prefix that this engine can raise; matching any other would never happen. */
const PREDEFINED_ERRORS = new Set([
  'States.ALL',
  'States.TaskFailed',
  'States.Timeout',
  'States.HeartbeatTimeout',
  'States.DataLimitExceeded',
  'States.QueryEvaluationError',
  'States.NoChoiceMatched',
  'States.ExceedToleratedFailureThreshold',
  'States.Runtime',
]);
