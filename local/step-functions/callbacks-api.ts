import { ServiceError } from '../service';
import { type Input, jsonText, optionalText, requiredText, understood } from './api-input';
import type { Execution } from './execution';
import type { Frame, TaskAttempt } from './frame';
import type { TaskRunner } from './task-runner';
import { readTaskToken } from './task-token';

/** Longest token, error and cause that AWS accepts, in characters. */
const [TOKEN_LENGTH, ERROR_LENGTH, CAUSE_LENGTH] = [2048, 256, 32_768];

/** The three SendTask operations. */
export class CallbacksApi {
  constructor(
    private readonly tasks: TaskRunner,
    private readonly executions: ReadonlyMap<string, Execution>,
    private readonly now: () => number,
  ) {}

  sendTaskSuccess(input: Input): Record<string, never> {
    understood('SendTaskSuccess', input, ['taskToken', 'output']);
    const { frame, attempt } = this.pending(input);
    const text = jsonText(input, 'output', 'InvalidOutput', 'Invalid Output');
    this.tasks.answer(frame, attempt, { text });
    return {};
  }

  sendTaskFailure(input: Input): Record<string, never> {
    understood('SendTaskFailure', input, ['taskToken', 'error', 'cause']);
    const error = optionalText(input, 'error', ERROR_LENGTH);
    const cause = optionalText(input, 'cause', CAUSE_LENGTH);
    const { frame, attempt } = this.pending(input);
    this.tasks.answer(frame, attempt, { failure: { error, cause } });
    return {};
  }

  sendTaskHeartbeat(input: Input): Record<string, never> {
    understood('SendTaskHeartbeat', input, ['taskToken']);
    this.pending(input).attempt.lastHeartbeat = this.now();
    return {};
  }

  /**
   * The task that waits for this token. `InvalidToken`: not a token; `TaskDoesNotExist`: of an execution unknown here;
   * `TaskTimedOut`: answered, timed out, superseded by a retry, or its execution has ended.
   */
  private pending(input: Input): { readonly frame: Frame; readonly attempt: TaskAttempt } {
    const { executionArn, serial, secret } = readTaskToken(requiredText(input, 'taskToken', TOKEN_LENGTH));
    const execution = this.executions.get(executionArn);
    if (execution === undefined) throw new ServiceError('TaskDoesNotExist', 'Task does not exist');
    const frame = execution.pending.get(serial);
    if (frame !== undefined && 'attempt' in frame.phase && frame.phase.attempt.secret === secret) {
      return { frame, attempt: frame.phase.attempt };
    }
    throw new ServiceError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
}
