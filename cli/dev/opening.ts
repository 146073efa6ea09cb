import { KeptDataError } from '../../local/dynamodb/record-file';
import type { Engine } from '../../local/engine';
import { type LocalTemplate, readTemplate } from '../../local/template/local-template';
import { FailureInLines, UsageError } from '../command-line';
import { runsChains } from './jobs';
import type { DevOptions } from './options';

/**
 * The app of a cloud assembly, as far as it runs chains.
 *
 * @throws Failure where it cannot be run here
 */
export function chainsOf(assembly: string): LocalTemplate {
  try {
    return readTemplate(assembly, { runs: runsChains });
  } catch (error) {
    throw new FailureInLines((error as Error).message, { cause: error });
  }
}

/**
 * Opens on the port that was asked for, or on any free one where the default port is taken.
 *
 * @throws UsageError where the port is taken, or what is kept cannot be read
 */
export async function openPort(options: DevOptions, open: (port: number) => Promise<Engine>): Promise<Engine> {
  try {
    return await open(options.port);
  } catch (error) {
    if (error instanceof KeptDataError) throw new UsageError(error.message);
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    if (options.portIsDefault) return open(0);
    throw new UsageError(
      `Expected --port to be free, got ${options.port}, which is taken: choose another, or 0 for any.`,
    );
  }
}
