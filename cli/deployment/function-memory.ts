import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { USUAL_PATIENCE, waiting } from './patience';

/** Memory of a function in MB; undefined where it may not be looked at. */
export async function functionMemory(name: string): Promise<number | undefined> {
  const client = new LambdaClient(waiting(USUAL_PATIENCE));
  try {
    return (await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }))).MemorySize;
  } catch (error) {
    if (/^(AccessDenied(Exception)?|ResourceNotFoundException)$/.test((error as Error).name)) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
