import type { Bindings } from './expression';
import type { Frame, FrameExecution } from './frame';

/** What `$states` holds besides the input and the context. */
export interface StatesExtra {
  readonly result?: unknown;
  readonly errorOutput?: { readonly Error: string; readonly Cause: string };
  readonly taskToken?: string;
  /** The item at hand. @default - the frame's own */
  readonly item?: { readonly Index: number; readonly Value: unknown };
}

/** What the expressions of the frame's current state see. */
export function bindingsOf(frame: Frame, extra: StatesExtra = {}): Bindings {
  const item = extra.item ?? (frame.index < 0 ? undefined : { Index: frame.index, Value: frame.item });
  const states: Record<string, unknown> = {
    input: frame.input,
    context: {
      Execution: executionContext(frame.execution),
      State: {
        EnteredTime: new Date(frame.enteredAt).toISOString(),
        Name: frame.state.name,
        // Recorded at AWS: a Pass has no count, because it cannot be retried; a Task has one from its first attempt on.
        ...('retriers' in frame.state ? { RetryCount: frame.retryCount } : undefined),
      },
      StateMachine: { Id: frame.execution.machine.arn, Name: frame.execution.machine.name },
      ...(item === undefined ? undefined : { Map: { Item: item } }),
      ...(extra.taskToken === undefined ? undefined : { Task: { Token: extra.taskToken } }),
    },
  };
  if (extra.result !== undefined) states.result = extra.result;
  if (extra.errorOutput !== undefined) states.errorOutput = extra.errorOutput;
  return { ...frame.variables, states };
}

function executionContext({ record, input, machine }: FrameExecution): Record<string, unknown> {
  return {
    Id: record.arn,
    Input: input,
    Name: record.name,
    RoleArn: machine.roleArn,
    StartTime: new Date(record.startedAt).toISOString(),
    RedriveCount: record.redriveCount,
    ...(record.redrivenAt === undefined ? undefined : { RedriveTime: new Date(record.redrivenAt).toISOString() }),
  };
}
