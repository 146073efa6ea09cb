import { join } from 'node:path';
import { NoAppError, synthesize } from '../../local/template/synthesize';
import { Failure, UsageError } from '../command-line';

/**
 * Directory of the cloud assembly of the app in the working directory, synthesized below `scratch` by a process that ends
 * with this one.
 *
 * @throws UsageError where there is no app, Failure where it is refused
 */
export async function synthesizedAssembly(scratch: string): Promise<string> {
  const end = new AbortController();
  const abort = () => end.abort();
  process.once('exit', abort);
  try {
    return await synthesize(join(scratch, 'cdk.out'), {}, { signal: end.signal });
  } catch (error) {
    const { message } = error as Error;
    throw error instanceof NoAppError ? new UsageError(message) : new Failure(message, { cause: error });
  } finally {
    process.off('exit', abort);
  }
}
