import type { Acceptance } from '../refusals';
import type { Ground, Row } from './refusals-of-names';
import { callbackTask, inlineMap, machine, ROLE, task } from './world';

type Taken = Acceptance<Ground>;

const pass = { Type: 'Pass', End: true };

const LANGUAGE = 'Amazon States Language specification';
const ERRORS = 'Step Functions Developer Guide, handling errors: the fields of a retrier';
const TASK = 'Step Functions Developer Guide, Task workflow state';
const JSONATA =
  'Step Functions Developer Guide, transforming data with JSONata: JSONata 2.0.6, and the unsupported functions';

const creates = (name: string, definition: unknown) => () => ({
  name,
  definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
  roleArn: ROLE,
});

// A name each, so that one that is taken by mistake fails alone.
let rows = 0;

const row = (sentence: string, definition: unknown, message: string | RegExp, source: string): Row => ({
  sentence,
  operation: 'CreateStateMachine',
  input: creates(`refused-${++rows}`, definition),
  error: ['InvalidDefinition', message],
  source,
});

const retry = (fields: object) => machine({ A: task({ Retry: [{ ErrorEquals: ['X'], ...fields }] }) });

const recover = (field: 'Retry' | 'Catch', ...lists: string[][]) =>
  machine({
    A: task({
      [field]: lists.map((ErrorEquals) => ({ ErrorEquals, ...(field === 'Catch' && { Next: 'B' }) })),
      Next: 'B',
    }),
    B: pass,
  });

const expression = (source: string) => machine({ A: { ...pass, Output: `{% ${source} %}` } });

const retriers: readonly Row[] = (
  [
    ['a retry after no time', { IntervalSeconds: 0 }, 'got 0 at /States/A/Retry[0]/IntervalSeconds'],
    ['a retry after half a second', { IntervalSeconds: 0.5 }, 'got 0.5 at'],
    ['an interval above every limit', { IntervalSeconds: 100_000_000 }, 'got 100000000 at'],
    ['fewer than no attempts', { MaxAttempts: -1 }, 'got -1 at /States/A/Retry[0]/MaxAttempts'],
    ['100,000,000 attempts', { MaxAttempts: 100_000_000 }, 'from 0 to 99999999, got 100000000'],
    ['a backoff rate below 1', { BackoffRate: 0.99 }, 'got 0.99 at /States/A/Retry[0]/BackoffRate'],
    ['a longest delay that is the interval', { IntervalSeconds: 2, MaxDelaySeconds: 2 }, 'got 2 at'],
    ['a longest delay of 31,622,401 seconds', { MaxDelaySeconds: 31_622_401 }, 'got 31622401 at'],
    ['an unknown jitter', { JitterStrategy: 'SOME' }, '\'JitterStrategy\' "SOME"'],
  ] as const
).map(([sentence, fields, message]) => row(sentence, retry(fields), message, ERRORS));

const recovering: readonly Row[] = (['Retry', 'Catch'] as const).flatMap((field) => [
  row(`no error in a ${field}`, recover(field, []), 'Expected an array of strings, got []', LANGUAGE),
  row(`States.ALL beside another in a ${field}`, recover(field, ['States.ALL', 'X']), 'to stand alone', LANGUAGE),
  row(`States.ALL before another ${field}`, recover(field, ['States.ALL'], ['X']), 'in the last place', LANGUAGE),
]);

const tasks: readonly Row[] = [
  row(
    'a heartbeat as long as the timeout',
    machine({ A: callbackTask({ HeartbeatSeconds: 5, TimeoutSeconds: 5 }) }),
    'HeartbeatSeconds to be smaller than TimeoutSeconds, got 5 and 5',
    TASK,
  ),
  row('a timeout of 0', machine({ A: callbackTask({ TimeoutSeconds: 0 }) }), 'got 0 at /States/A/TimeoutSeconds', TASK),
  row('a timeout above 99,999,999', machine({ A: callbackTask({ TimeoutSeconds: 1e8 }) }), 'got 100000000 at', TASK),
  row('a heartbeat of 0', machine({ A: callbackTask({ HeartbeatSeconds: 0 }) }), 'got 0 at', TASK),
  row('an execution without time', machine({ A: pass }, { TimeoutSeconds: 0 }), 'got 0 at /TimeoutSeconds', LANGUAGE),
];

const states: readonly Row[] = [
  row('a state name of 81 characters', machine({ ['x'.repeat(81)]: pass }), 'a name of 1 to 80 characters', LANGUAGE),
  row('a state name in two scopes', machine({ Inner: inlineMap(pass) }), "'Inner' names another state", LANGUAGE),
  row(
    'fewer than no iterations at once',
    machine({ M: inlineMap(pass, { MaxConcurrency: -1 }) }),
    'got -1 at',
    LANGUAGE,
  ),
  row('a text for MaxConcurrency', machine({ M: inlineMap(pass, { MaxConcurrency: '4' }) }), 'got "4" at', LANGUAGE),
  row('a definition that is no JSON', '{"StartAt":', 'INVALID_JSON_DESCRIPTION', LANGUAGE),
  row('a state that nothing leads to', machine({ A: pass, B: pass }), "'B' is not reachable", LANGUAGE),
  row('a Next that is not there', machine({ A: { Type: 'Pass', Next: 'B' } }), "got 'B' at /States/A", LANGUAGE),
];

const expressions: readonly Row[] = [
  row('`??`, of JSONata 2.1', expression('$states.input.a ?? 1'), 'INVALID_JSONATA_EXPRESSION', JSONATA),
  row('`?:`, of JSONata 2.1', expression('$states.input.a ?: 1'), 'INVALID_JSONATA_EXPRESSION', JSONATA),
  row('$eval', expression("$eval('1')"), "use '$parse'", JSONATA),
];

/** What CreateStateMachine refuses of a definition. */
export const definitionRefusals: readonly Row[] = [...retriers, ...recovering, ...tasks, ...states, ...expressions];

const takes = (sentence: string, name: string, definition: unknown, source: string): Taken => ({
  sentence,
  operation: 'CreateStateMachine',
  input: creates(name, definition),
  source,
});

/** Near-misses of these. */
export const definitionAcceptances: readonly Taken[] = [
  takes('a retry that never comes', 'never', retry({ MaxAttempts: 0 }), ERRORS),
  takes('99,999,999 attempts', 'many', retry({ MaxAttempts: 99_999_999 }), ERRORS),
  takes('a backoff rate of 1', 'steady', retry({ BackoffRate: 1 }), ERRORS),
  takes('a longest delay above the interval', 'delay', retry({ IntervalSeconds: 2, MaxDelaySeconds: 3 }), ERRORS),
  takes('a longest delay of 31,622,400 seconds', 'year', retry({ MaxDelaySeconds: 31_622_400 }), ERRORS),
  takes('States.ALL alone and last', 'all', recover('Retry', ['X'], ['States.ALL']), LANGUAGE),
  takes(
    'a heartbeat below the timeout',
    'heartbeat',
    machine({ A: callbackTask({ HeartbeatSeconds: 4, TimeoutSeconds: 5 }) }),
    TASK,
  ),
  takes('a state name of 80 characters', 'name', machine({ ['x'.repeat(80)]: pass }), LANGUAGE),
  takes('MaxConcurrency 0', 'concurrency', machine({ M: inlineMap(pass, { MaxConcurrency: 0 }) }), LANGUAGE),
  takes('the ternary, which is older', 'ternary', expression('$states.input.a ? 1 : 2'), JSONATA),
  ...['$partition([1,2], 1)', '$range(0, 4, 2)', "$hash('a', 'MD5')", '$random()', '$uuid()', "$parse('1')"].map(
    (source, index) => takes(`${source}, which AWS adds`, `added-${index}`, expression(source), JSONATA),
  ),
];
