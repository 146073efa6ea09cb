import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { isTransient } from '../contract/aws-errors';
import { retry } from '../contract/retry';
import type { ExecutionsOptions } from './executions';

/**
 * ARNs of the executions of a state machine that are under way, without the children of Map Runs. Eventually consistent:
 * one that has just started may be missing.
 *
 * @param forMilliseconds for which a call that fails for the moment is repeated
 * @throws Error of the service's own where it did not answer for as long, or refused to
 */
export async function runningExecutions(
  stateMachineArn: string,
  { client, clock, random }: ExecutionsOptions,
  forMilliseconds: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const command = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', nextToken });
    const page = await retry(() => client.send(command), {
      ...{ clock, random, forMilliseconds, shouldRetry: isTransient },
    });
    for (const { executionArn } of page.executions ?? []) if (executionArn !== undefined) found.push(executionArn);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}
