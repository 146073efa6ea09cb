import { ServiceError } from '../aws-service';
import type { Container, Definition, Exit, State } from './definition';
import { invalid, unimplemented } from './definition-error';
import { findDuplicateKey } from './duplicate-keys';
import { Fields, object } from './fields';
import type { Surroundings } from './jsonata-functions';
import { LONGEST_TIMEOUT_SECONDS, type Site } from './parse-exits';
import { parseState } from './parse-state';

/**
 * Compiles the text of a definition.
 *
 * @throws ServiceError `InvalidDefinition`, naming the field and its path, where the text is not Amazon States Language,
 * and where it says something that this engine does not implement
 */
export function parseDefinition(text: string, surroundings: Surroundings): Definition {
  const fields = new Fields(parseJson(text), '', [
    'Comment',
    'QueryLanguage',
    'StartAt',
    'States',
    'TimeoutSeconds',
    'Version',
  ]);
  if (fields.get('QueryLanguage') !== 'JSONata') {
    throw unimplemented(
      `'QueryLanguage' ${JSON.stringify(fields.get('QueryLanguage') ?? 'JSONPath')}, only JSONata`,
      '/',
    );
  }
  fields.oneOf('Version', ['1.0']);
  const timeoutSeconds = fields.has('TimeoutSeconds')
    ? fields.number('TimeoutSeconds', 0, { min: 1, max: LONGEST_TIMEOUT_SECONDS, integer: true })
    : undefined;
  const site: Site = {
    surroundings,
    outerVariables: new Set(),
    stateNames: new Set(),
    labels: new Set(),
    isInMap: false,
  };
  return { ...parseContainer(site, fields), timeoutSeconds };
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ServiceError(
      'InvalidDefinition',
      `Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ${(error as Error).message}'`,
    );
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined) {
    throw invalid('INVALID_JSON_DESCRIPTION', `'${duplicate}' is named twice in the same object`, '/');
  }
  return value;
}

/**
 * `StartAt` and `States` of the machine or of an ItemProcessor.
 *
 * @throws ServiceError `InvalidDefinition` where a state or a transition is refused
 */
export function parseContainer(site: Site, fields: Fields): Container {
  const startAt = fields.text('StartAt');
  const source = object(fields.required('States'), fields.at('States'));
  const outerVariables = new Set([...site.outerVariables, ...assignedVariables(source)]);
  const inner: Site = { ...site, outerVariables, isInMap: true };
  const states = new Map<string, State>();
  for (const [name, value] of Object.entries(source)) {
    const path = `${fields.path}/States/${name}`;
    if (name === '' || name.length > 80) {
      throw invalid('INVALID_STATE_NAME', 'Expected a name of 1 to 80 characters', path);
    }
    if (site.stateNames.has(name)) throw invalid('DUPLICATE_STATE_NAME', `'${name}' names another state too`, path);
    site.stateNames.add(name);
    states.set(name, parseState({ site, inner, name, value, path }, parseContainer));
  }
  checkTransitions(fields, startAt, states);
  return { startAt, states };
}

/** Every name that the states of one container assign, on whichever way out. */
function assignedVariables(states: Readonly<Record<string, unknown>>): string[] {
  const names = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    const { Assign, Choices, Catch } = value as Record<string, unknown>;
    const own = typeof Assign === 'object' && Assign !== null ? Object.keys(Assign) : [];
    return [...own, ...[Choices, Catch].flatMap((exits) => (Array.isArray(exits) ? exits.flatMap(names) : []))];
  };
  return Object.values(states).flatMap(names);
}

function checkTransitions(fields: Fields, startAt: string, states: ReadonlyMap<string, State>): void {
  const requireState = (name: string, path: string) => {
    if (!states.has(name)) {
      throw invalid('MISSING_TRANSITION_TARGET', `Expected the name of a state next to this one, got '${name}'`, path);
    }
  };
  requireState(startAt, fields.at('StartAt'));
  const reached = new Set([startAt]);
  const exitsOf = new Map([...states.values()].map((state) => [state.name, exits(state)]));
  for (const [name, ways] of exitsOf) {
    for (const { next } of ways) if (next !== undefined) requireState(next, `${fields.path}/States/${name}`);
  }
  // A set grows while it is walked: this visits every state that can be reached.
  for (const name of reached) {
    for (const { next } of exitsOf.get(name) ?? []) if (next !== undefined) reached.add(next);
  }
  for (const name of states.keys()) {
    if (!reached.has(name)) {
      throw invalid('MISSING_TRANSITION_TARGET', `State '${name}' is not reachable`, `${fields.path}/States/${name}`);
    }
  }
  const ends = (state: State) =>
    state.type === 'Fail' || state.type === 'Succeed' || (state.type !== 'Choice' && state.next === undefined);
  if (![...states.values()].some(ends)) throw invalid('MISSING_END_STATE', 'No state ends', fields.at('States'));
}

function exits(state: State): readonly Exit[] {
  if (state.type === 'Fail') return [];
  if (state.type === 'Choice') return [state, ...state.rules];
  if (state.type === 'Task' || state.type === 'Map') return [state, ...state.catchers];
  return [state];
}
