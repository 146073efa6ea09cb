import { callbackTask, inlineMap, machine, task, World, workerChains } from './world';

const pass = { Type: 'Pass', End: true };

async function refusal(definition: unknown): Promise<string> {
  const error = await new World().create(definition).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error).toMatchObject({ name: 'InvalidDefinition', statusCode: 400 });
  return error?.message ?? '';
}

/** A Task with one field changed in its Arguments. */
function withArguments(state: Record<string, unknown>, change: Record<string, unknown>) {
  return { ...state, Arguments: { ...(state.Arguments as object), ...change } };
}

describe('CreateStateMachine', () => {
  it('accepts the deployed state machine', async () => {
    await expect(new World().create(workerChains())).resolves.toMatch(/:stateMachine:machine$/);
  });

  it.each<[string, unknown, string]>([
    ['another query language', { ...machine({ A: pass }), QueryLanguage: 'JSONPath' }, '\'QueryLanguage\' "JSONPath"'],
    ['no query language', { ...machine({ A: pass }), QueryLanguage: undefined }, '\'QueryLanguage\' "JSONPath"'],
    ['a state in JSONPath', machine({ A: { ...pass, QueryLanguage: 'JSONPath' } }), '(/States/A)'],
    ['a Parallel', machine({ A: { Type: 'Parallel', Branches: [], End: true } }), '\'Type\' "Parallel" (/States/A)'],
    ['an unknown type', machine({ A: { Type: 'toString', End: true } }), '\'Type\' "toString"'],
    ['ItemBatcher', machine({ M: inlineMap(pass, { ItemBatcher: {} }) }), "'ItemBatcher' (/States/M)"],
    ['ItemReader', machine({ M: inlineMap(pass, { ItemReader: {} }) }), "'ItemReader' (/States/M)"],
    ['ToleratedFailureCount', machine({ M: inlineMap(pass, { ToleratedFailureCount: 1 }) }), "'ToleratedFailureCount'"],
    [
      'a Map of another mode',
      machine({
        M: {
          ...inlineMap(pass),
          ItemProcessor: { ProcessorConfig: { Mode: 'PARALLEL' }, StartAt: 'I', States: {} },
        },
      }),
      '\'Mode\' "PARALLEL"',
    ],
    ['InputPath', machine({ A: { ...pass, InputPath: '$' } }), "'InputPath' (/States/A)"],
    ['Parameters', machine({ A: task({ Parameters: {} }) }), "'Parameters' (/States/A)"],
    ['Credentials', machine({ A: task({ Credentials: {} }) }), "'Credentials' (/States/A)"],
    [
      'an inner field',
      machine({ M: inlineMap({ ...pass, Result: 1 }) }),
      "'Result' (/States/M/ItemProcessor/States/Inner)",
    ],
    ['another service', machine({ A: task({ Resource: 'arn:aws:states:::sqs:sendMessage' }) }), 'sqs:sendMessage'],
    ['a bare function ARN', machine({ A: task({ Resource: 'arn:aws:lambda:us-east-1:1:function:f' }) }), 'function:f'],
    ['.sync', machine({ A: task({ Resource: 'arn:aws:states:::lambda:invoke.sync' }) }), 'lambda:invoke.sync'],
    ['Qualifier', machine({ A: withArguments(task(), { Qualifier: '1' }) }), "'Qualifier' (/States/A/Arguments)"],
    [
      'an asynchronous invocation without a token',
      machine({ A: withArguments(task(), { InvocationType: 'Event' }) }),
      '\'InvocationType\' "Event"',
    ],
    [
      'a synchronous invocation with a token',
      machine({ A: withArguments(callbackTask(), { InvocationType: undefined }) }),
      '\'InvocationType\' "RequestResponse"',
    ],
    ['a heartbeat without a token', machine({ A: task({ HeartbeatSeconds: 5 }) }), "'HeartbeatSeconds'"],
    [
      'an error that it never raises',
      machine({ A: task({ Retry: [{ ErrorEquals: ['States.Permissions'] }] }) }),
      "'States.Permissions' (/States/A/Retry[0]/ErrorEquals)",
    ],
    ['$shuffle', machine({ A: { ...pass, Output: '{% $shuffle([1,2]) %}' } }), "'$shuffle'. at /States/A/Output"],
  ])('rejects %s by name and path, instead of approximating it', async (_, definition, message) => {
    expect(await refusal(definition)).toContain(message);
  });

  it.each<[string, unknown, string]>([
    ['text that is not JSON', '{', 'INVALID_JSON_DESCRIPTION'],
    ['a missing StartAt', { QueryLanguage: 'JSONata', States: { A: pass } }, "'StartAt'"],
    ['a StartAt that leads nowhere', { ...machine({ A: pass }), StartAt: 'B' }, "got 'B' at /StartAt"],
    ['a Next that leads nowhere', machine({ A: { Type: 'Pass', Next: 'B' } }), "got 'B' at /States/A"],
    ['a Next out of a Map', machine({ M: inlineMap({ Type: 'Pass', Next: 'M' }) }), "got 'M'"],
    [
      'a Catch that leads nowhere',
      machine({ A: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] }) }),
      "got 'B'",
    ],
    ['an unreachable state', machine({ A: pass, B: pass }), "State 'B' is not reachable"],
    [
      'states that never end',
      machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }),
      'MISSING_END_STATE',
    ],
    ['neither Next nor End', machine({ A: { Type: 'Pass' } }), "either 'Next' or 'End'"],
    ['both Next and End', machine({ A: { ...pass, Next: 'A' } }), "either 'Next' or 'End'"],
    [
      'a state name used twice in one object',
      '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","End":true},"A":{"Type":"Pass","End":true}}}',
      "'A' is named twice",
    ],
    ['a state name used in two containers', machine({ Inner: inlineMap(pass) }), "'Inner' names another state"],
    ['an expression without its end', machine({ A: { ...pass, Output: '{% 1' } }), "end with '%}'"],
    ['an expression without its start', machine({ A: { ...pass, Output: '1 %}' } }), "start with '{%'"],
    ['a space before an expression', machine({ A: { ...pass, Output: ' {% 1 %}' } }), 'no spaces outside'],
    ['a syntax error', machine({ A: { ...pass, Output: '{% a[1,2) %}' } }), 'INVALID_JSONATA_EXPRESSION'],
    [
      '`??`, which came with JSONata 2.1',
      machine({ A: { ...pass, Output: '{% $states.input.a ?? 1 %}' } }),
      'INVALID_JSONATA',
    ],
    [
      '`?:`, which came with JSONata 2.1',
      machine({ A: { ...pass, Output: '{% $states.input.a ?: 1 %}' } }),
      'INVALID_JSONATA',
    ],
    [
      'a field without $states',
      machine({ A: { ...pass, Output: { v: '{% phone %}' } } }),
      "Reference to 'phone' at the top level is not supported. at /States/A/Output/v",
    ],
    [
      'a field without $states in a function',
      machine({ A: { ...pass, Output: '{% $map([1], function($x){ b }) %}' } }),
      "'b'",
    ],
    ['$ at the top level', machine({ A: { ...pass, Output: '{% $.a %}' } }), "Reference to '$' at the top level"],
    ['$$', machine({ A: { ...pass, Output: '{% $states.input[a = $$.b] %}' } }), "Reference to '$$' is not supported"],
    ['$eval', machine({ A: { ...pass, Output: "{% $eval('1') %}" } }), "use '$parse'"],
    ['errorOutput outside a Catch', machine({ A: { ...pass, Output: '{% $states.errorOutput %}' } }), 'errorOutput'],
    [
      'a heartbeat as long as the timeout',
      machine({ A: callbackTask({ HeartbeatSeconds: 5, TimeoutSeconds: 5 }) }),
      'got 5 and 5',
    ],
    ['a timeout of 0', machine({ A: callbackTask({ TimeoutSeconds: 0 }) }), 'got 0 at /States/A/TimeoutSeconds'],
    [
      'States.ALL beside others',
      machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] }) }),
      'stand alone',
    ],
    [
      'MaxDelaySeconds within the interval',
      machine({ A: task({ Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 5, MaxDelaySeconds: 5 }] }) }),
      'MaxDelaySeconds',
    ],
    ['an assignment to $states', machine({ A: { ...pass, Assign: { states: 1 } } }), "'states' cannot be assigned"],
    [
      'an assignment to a variable around the Map',
      machine({ A: { Type: 'Pass', Assign: { n: 1 }, Next: 'M' }, M: inlineMap({ ...pass, Assign: { n: 2 } }) }),
      "'n' belongs to the scope around",
    ],
  ])('rejects %s', async (_, definition, message) => {
    expect(await refusal(definition)).toContain(message);
  });

  it('lets a name in a predicate, a sort or an object stand without $states', async () => {
    const { output } = await new World().run(
      machine({ A: { ...pass, Output: '{% $states.input.items[value > 3]^(value).{"v": value} %}' } }),
      { items: [{ value: 9 }, { value: 1 }, { value: 4 }] },
    );
    expect(JSON.parse(output ?? '')).toEqual([{ v: 4 }, { v: 9 }]);
  });
});
