import type { Container, State, TaskState, WaitState } from './definition';
import { invalid, unimplemented } from './definition-error';
import { Fields, object } from './fields';
import {
  catchers,
  choiceRules,
  exit,
  exitTo,
  integerTemplate,
  optionalTemplate,
  retriers,
  type Site,
  template,
} from './parse-exits';
import { MAP_FIELDS, parseMap } from './parse-map';

const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const LEAVING = ['Output', 'Assign', 'Next', 'End'];
const RECOVERING = ['Retry', 'Catch'];

/** The fields that each state type has here. */
const FIELDS: Readonly<Record<State['type'], readonly string[]>> = {
  Task: [...COMMON, ...LEAVING, ...RECOVERING, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds'],
  Map: [...COMMON, ...LEAVING, ...RECOVERING, ...MAP_FIELDS],
  Pass: [...COMMON, ...LEAVING],
  Choice: [...COMMON, 'Choices', 'Default', 'Output', 'Assign'],
  Wait: [...COMMON, ...LEAVING, 'Seconds', 'Timestamp'],
  Succeed: [...COMMON, 'Output'],
  Fail: [...COMMON, 'Error', 'Cause'],
};

/** Reads the states of an ItemProcessor: states hold states. */
export type ParseContainer = (site: Site, fields: Fields) => Container;

/** Where a state stands, and its own name and text. */
export interface StateSource {
  readonly site: Site;
  /** Where the states of its ItemProcessor stand. */
  readonly inner: Site;
  readonly name: string;
  readonly value: unknown;
  readonly path: string;
}

/** @throws ServiceError `InvalidDefinition` where the state is malformed, or not implemented */
export function parseState(source: StateSource, parseContainer: ParseContainer): State {
  const { site, inner, name, value, path } = source;
  const type = object(value, path).Type;
  if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type)) {
    throw unimplemented(`'Type' ${JSON.stringify(type)}`, path);
  }
  const fields = new Fields(value, path, FIELDS[type as State['type']]);
  fields.oneOf('QueryLanguage', ['JSONata']);
  switch (type as State['type']) {
    case 'Task':
      return parseTask(site, fields, name);
    case 'Map':
      return parseMap(site, fields, name, (scope, processor) => parseContainer({ ...inner, ...scope }, processor));
    case 'Pass':
      return { type: 'Pass', name, ...exit(site, fields) };
    case 'Choice':
      return {
        type: 'Choice',
        name,
        rules: choiceRules(site, fields),
        hasDefault: fields.has('Default'),
        ...exitTo(site, fields, fields.optionalText('Default')),
      };
    case 'Wait':
      return parseWait(site, fields, name);
    case 'Succeed':
      return { type: 'Succeed', name, ...exitTo(site, fields, undefined) };
    case 'Fail':
      return {
        type: 'Fail',
        name,
        error: optionalTemplate(site, fields, 'Error'),
        cause: optionalTemplate(site, fields, 'Cause'),
      };
  }
}

function parseTask(site: Site, fields: Fields, name: string): TaskState {
  const resource = fields.text('Resource');
  const callback = resource === 'arn:aws:states:::lambda:invoke.waitForTaskToken';
  if (!callback && resource !== 'arn:aws:states:::lambda:invoke') {
    throw unimplemented(`the Resource '${resource}'`, fields.path);
  }
  checkInvocation(fields, resource, callback);
  return {
    type: 'Task',
    name,
    callback,
    ...timeLimits(site, fields, resource, callback),
    arguments: template(site, fields.get('Arguments'), fields.path, 'Arguments'),
    retriers: retriers(fields),
    catchers: catchers(site, fields),
    ...exit(site, fields),
  };
}

function checkInvocation(fields: Fields, resource: string, callback: boolean): void {
  const input = new Fields(fields.required('Arguments'), fields.at('Arguments'), [
    'FunctionName',
    'InvocationType',
    'Payload',
  ]);
  input.text('FunctionName');
  // With a synchronous invocation AWS starts the heartbeat clock only when the function returns; and an asynchronous one
  // without a token answers nothing that a state could use. Neither is run here, rather than run differently.
  const invocationType = callback ? 'Event' : 'RequestResponse';
  const asked = input.get('InvocationType') ?? 'RequestResponse';
  if (asked !== invocationType) {
    throw unimplemented(
      `'InvocationType' ${JSON.stringify(asked)} with ${resource}, only '${invocationType}'`,
      input.path,
    );
  }
}

function timeLimits(
  site: Site,
  fields: Fields,
  resource: string,
  callback: boolean,
): Pick<TaskState, 'timeoutSeconds' | 'heartbeatSeconds'> {
  const timeoutSeconds = integerTemplate(site, fields, 'TimeoutSeconds');
  const heartbeatSeconds = integerTemplate(site, fields, 'HeartbeatSeconds');
  if (heartbeatSeconds !== undefined && !callback) {
    throw unimplemented(`'HeartbeatSeconds' with ${resource}`, fields.path);
  }
  const [timeout, heartbeat] = [timeoutSeconds?.constant, heartbeatSeconds?.constant];
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    throw invalid(
      'SCHEMA_VALIDATION_FAILED',
      `Expected HeartbeatSeconds to be smaller than TimeoutSeconds, got ${heartbeat} and ${timeout}`,
      fields.at('HeartbeatSeconds'),
    );
  }
  return { timeoutSeconds, heartbeatSeconds };
}

function parseWait(site: Site, fields: Fields, name: string): WaitState {
  if (fields.has('Seconds') === fields.has('Timestamp')) {
    throw invalid('SCHEMA_VALIDATION_FAILED', "Expected exactly one of 'Seconds' and 'Timestamp'", fields.path);
  }
  return {
    type: 'Wait',
    name,
    seconds: integerTemplate(site, fields, 'Seconds', 0),
    timestamp: optionalTemplate(site, fields, 'Timestamp'),
    ...exit(site, fields),
  };
}
