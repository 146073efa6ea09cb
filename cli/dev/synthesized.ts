import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUILD_CACHE } from '../../cdk/package-files';
import { NoAppError, synthesize } from '../../local/template/synthesize';
import { FailureInLines, UsageError } from '../command-line';

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
    const environment = buildCache(process.cwd());
    return await synthesize(join(scratch, 'cdk.out'), {}, { environment, signal: end.signal });
  } catch (error) {
    const { message } = error as Error;
    throw error instanceof NoAppError ? new UsageError(message) : new FailureInLines(message, { cause: error });
  } finally {
    process.off('exit', abort);
  }
}

/** Has the app keep its builds beside its packages, where tools keep such things, unless somebody has said where. */
function buildCache(directory: string): Readonly<Record<string, string>> {
  if (process.env[BUILD_CACHE] !== undefined) return {};
  const packages = join(directory, 'node_modules');
  if (statSync(packages, { throwIfNoEntry: false })?.isDirectory()) {
    return { [BUILD_CACHE]: join(packages, '.cache', 'worker-chains') };
  }
  const parent = dirname(directory);
  return parent === directory ? {} : buildCache(parent);
}
