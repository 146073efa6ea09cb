import { ServiceError } from '../aws-service';
import { jsonText } from './api-input';
import type { Execution } from './execution';
import type { Frame, TaskAttempt } from './frame';
import { type Input, optionalText, requiredText, understood } from './members';
import type { TaskRunner } from './task-runner';
import { readTaskToken } from './task-token';

/** The three SendTask operations. */
export class CallbacksApi {
  constructor(
    private readonly tasks: TaskRunner,
    private readonly executions: ReadonlyMap<string, Execution>,
    /** Milliseconds since the epoch. */
    private readonly now: () => number,
  ) {}

  sendTaskSuccess(input: Input): Record<string, never> {
    understood('SendTaskSuccess', input, ['taskToken', 'output']);
    const { frame, attempt } = this.pending(input);
    const text = jsonText(input, 'output', 'InvalidOutput', 'Invalid Output');
    this.tasks.takeCallback(frame, attempt, { text });
    return {};
  }

  sendTaskFailure(input: Input): Record<string, never> {
    understood('SendTaskFailure', input, ['taskToken', 'error', 'cause']);
    const error = optionalText(input, 'error');
    const cause = optionalText(input, 'cause');
    const { frame, attempt } = this.pending(input);
    this.tasks.takeCallback(frame, attempt, { failure: { error, cause } });
    return {};
  }

  sendTaskHeartbeat(input: Input): Record<string, never> {
    understood('SendTaskHeartbeat', input, ['taskToken']);
    this.pending(input).attempt.lastHeartbeat = this.now();
    return {};
  }

  /**
   * The task that waits for this token.
   *
   * @throws ServiceError `InvalidToken` where it is no token
   * @throws ServiceError `TaskDoesNotExist` where its execution is unknown here
   * @throws ServiceError `TaskTimedOut` where its task was answered, timed out or retried, or its execution has ended
   */
  private pending(input: Input): { readonly frame: Frame; readonly attempt: TaskAttempt } {
    const { executionArn, serial, secret } = readTaskToken(requiredText(input, 'taskToken'));
    const execution = this.executions.get(executionArn);
    if (execution === undefined) throw new ServiceError('TaskDoesNotExist', 'Task does not exist');
    const frame = execution.pending.get(serial);
    if (frame !== undefined && 'attempt' in frame.phase && frame.phase.attempt.secret === secret) {
      return { frame, attempt: frame.phase.attempt };
    }
    throw new ServiceError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
}
