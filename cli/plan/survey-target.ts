import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { SurveyEvent } from '../../functions/contract/survey-event';
import type { RuleConfig } from '../../local/template/configurations';
import { Failure } from '../command-line';
import { USUAL_PATIENCE, waiting } from '../deployment/patience';

/** A deployed chain function that can be asked how a run would come out: on AWS, or on the embedded engine. */
export interface SurveyTarget {
  /** What starts the job's runs; absent where that is not known. */
  readonly starts?: readonly RuleConfig[];
  /** What the job's schedule would start now; where that is not known, the job alone. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Of the chain function, in MB. */
  readonly memoryMegabytes: number;
  /**
   * @throws Failure with the function's own sentence where it refuses or fails
   */
  ask<Answer>(event: SurveyEvent): Promise<Answer>;
  close(): Promise<void>;
}

/** A function may take a quarter of an hour. */
const PATIENCE_MILLISECONDS = 910_000;

/** Asks the function through Lambda's own API. */
export async function askFunction<Answer>(client: LambdaClient, name: string, event: SurveyEvent): Promise<Answer> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  if (FunctionError === undefined) return answer as Answer;
  const { errorType = FunctionError, errorMessage = 'no message' } = answer as Record<string, string | undefined>;
  throw new Failure(`${errorType}: ${errorMessage}`);
}

/** @throws Failure where there is no such function, or it may not be looked at */
export async function deployedTarget(name: string, input: SurveyTarget['input']): Promise<SurveyTarget> {
  const client = new LambdaClient({
    ...waiting({ attempts: 1, connection: USUAL_PATIENCE.connection, answer: PATIENCE_MILLISECONDS }),
  });
  const command = new GetFunctionConfigurationCommand({ FunctionName: name });
  const { MemorySize = 0 } = await client.send(command).catch((error: Error) => {
    throw new Failure(
      `Expected a chain function that these credentials may look at, got ${name} (${error.name}): they need lambda:GetFunctionConfiguration and lambda:InvokeFunction on it.`,
    );
  });
  return {
    input,
    memoryMegabytes: MemorySize,
    ask: (event) => askFunction(client, name, event),
    close: async () => client.destroy(),
  };
}
