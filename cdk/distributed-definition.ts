/**
 * The committed state machine with each Map as a distributed one: its chains are executions of their own.
 *
 * A child execution sees neither the variables around it nor how often its parent was redriven. What it needs of `$run`
 * comes with its input, and its epochs count both: the redrives of the parent when its Map Run began, and its own. A
 * redriven Map Run redrives every child that has not succeeded, so an epoch grows by 1000 with each of them, as it does
 * inline, and is never above what the parent's own count would make it. It may be below, for a child that was not begun
 * when a redrive was stopped: so ReconcileRun is told since when the present round is on.
 *
 * @see docs/decisions/0024-more-than-40-chains.md
 */

interface State {
  readonly Type: string;
  readonly ItemSelector?: object;
  readonly ItemProcessor?: object;
  readonly Arguments?: { readonly Payload?: object };
}

interface Definition {
  readonly States: Readonly<Record<string, State>>;
}

/** How often the execution was redriven that the expression stands in. */
const REDRIVES = '($exists($states.context.Execution.RedriveCount) ? $states.context.Execution.RedriveCount : 0)';

/** When the execution was last redriven, or else started. */
const ROUND_SINCE =
  '{% $exists($states.context.Execution.RedriveTime) ? $states.context.Execution.RedriveTime : $states.context.Execution.StartTime %}';

/** What a child needs of the run, by its name in `$run`; for the epoch, above what the parent has counted so far. */
const FROM_RUN = {
  runId: '{% $run.runId %}',
  epochBase: `{% $run.epochBase + 1000 * ${REDRIVES} %}`,
  heartbeatSeconds: '{% $run.heartbeatSeconds %}',
  chainTimeoutSeconds: '{% $run.chainTimeoutSeconds %}',
} as const;

/**
 * Names of the Map states: the labels under which their children are executions.
 *
 * @param text of the committed definition
 */
export function labelsOf(text: string): readonly string[] {
  return mapsIn(JSON.parse(text) as Definition).map(([name]) => name);
}

/**
 * @param text of the committed definition
 * @param mostChains children that run at the same time
 */
export function distributedDefinition(text: string, mostChains: number): string {
  const definition = JSON.parse(text) as Definition;
  const maps = mapsIn(definition).map(([name, state]) => [name, distributed(name, state, mostChains)]);
  const ReconcileRun = withRound(definition.States.ReconcileRun);
  const States = { ...definition.States, ...Object.fromEntries(maps), ReconcileRun };
  return JSON.stringify({ ...definition, States }, null, 2);
}

function withRound(state: State | undefined): object {
  const { Arguments } = state ?? {};
  return { ...state, Arguments: { ...Arguments, Payload: { ...Arguments?.Payload, roundSince: ROUND_SINCE } } };
}

function mapsIn({ States }: Definition): [string, State][] {
  return Object.entries(States).filter(([, { Type }]) => Type === 'Map');
}

function distributed(label: string, state: State, mostChains: number): object {
  const processor = JSON.stringify(state.ItemProcessor).replaceAll('$run.', '$states.input.');
  return {
    ...state,
    Label: label,
    MaxConcurrency: mostChains,
    ItemSelector: { ...state.ItemSelector, ...FROM_RUN },
    ItemProcessor: {
      ...(JSON.parse(processor) as object),
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    },
  };
}
