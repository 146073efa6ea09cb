import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsonata from 'jsonata';

export const COMMITTED = readFileSync(join(__dirname, '../../statemachine/worker-chains.asl.json'), 'utf8');

export interface ErrorRule {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly Next?: string;
  readonly Output?: unknown;
}

/** A state of the committed definition, as far as the tests look at it. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName: string; readonly InvocationType?: string; readonly Payload: object };
  readonly TimeoutSeconds?: number | string;
  readonly HeartbeatSeconds?: string;
  readonly Retry?: readonly ErrorRule[];
  readonly Catch?: readonly ErrorRule[];
  readonly Assign?: object;
  readonly Output?: unknown;
  readonly Items?: string;
  readonly ItemSelector?: object;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
  readonly Choices?: readonly { readonly Condition: string; readonly Output: unknown; readonly Next: string }[];
  readonly Default?: string;
  readonly Seconds?: string;
  readonly Timestamp?: string;
  readonly Next?: string;
  readonly End?: boolean;
}

export const DEFINITION = JSON.parse(COMMITTED) as { readonly States: Readonly<Record<string, State>> };

function flatten(states: Readonly<Record<string, State>>): readonly (readonly [string, State])[] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as const,
    ...flatten(state.ItemProcessor?.States ?? {}),
  ]);
}

/** Every state by its name, those inside the Map states included. */
export const STATES: ReadonlyMap<string, State> = new Map(flatten(DEFINITION.States));

export const TASKS = [...STATES].filter(([, { Type }]) => Type === 'Task');

export function stateNamed(name: string): State {
  const state = STATES.get(name);
  if (!state) throw new Error(`There is no state ${name}.`);
  return state;
}

/**
 * Evaluates a field as Step Functions does: each string of the form `{% … %}` is an expression, everything else stands
 * for itself. `bindings` are the variables, `states` among them. An expression without a value is an error there.
 */
export async function evaluate(field: unknown, bindings: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (typeof field === 'string') {
    const expression = /^\{%(.*)%\}$/s.exec(field)?.[1];
    if (expression === undefined) return field;
    const compiled = jsonata(expression);
    // What Step Functions adds to the language.
    compiled.registerFunction('parse', (text: string) => JSON.parse(text), '<s:x>');
    const value: unknown = await compiled.evaluate(undefined, bindings);
    if (value === undefined) throw new Error(`The expression ${field} has no value.`);
    // The arrays of jsonata carry marks of their own; what Step Functions passes on is JSON.
    return JSON.parse(JSON.stringify(value)) as unknown;
  }
  if (Array.isArray(field)) return Promise.all(field.map((member) => evaluate(member, bindings)));
  if (typeof field !== 'object' || field === null) return field;
  const members = Object.entries(field).map(async ([name, member]) => [name, await evaluate(member, bindings)]);
  return Object.fromEntries(await Promise.all(members)) as unknown;
}
