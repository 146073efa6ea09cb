import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { synthesize } from '../../local/template/synthesize';

const PROJECT = resolve(__dirname, '../..');
/** Where the assemblies of one run of jest are: `jest.config.js` makes the directory, for all workers, and removes it. */
const ASSEMBLIES = 'WORKER_CHAINS_TEST_ASSEMBLIES';

/**
 * Directory of the cloud assembly of an app of this repository with that context, synthesized once in a run of jest, and
 * never written to. Half of the time in which `dev` starts goes into it. For apps that do not read the environment.
 *
 * @param directory of the app. @default - that of the repository
 */
export async function sharedAssembly(
  context: Readonly<Record<string, unknown>> = {},
  directory: string = PROJECT,
): Promise<string> {
  const name = createHash('sha256')
    .update(JSON.stringify([directory, context]))
    .digest('hex');
  const shared = join(sharedDirectory(), name);
  if (existsSync(shared)) return shared;
  const own = mkdtempSync(`${shared}-`);
  await synthesize(own, context, { directory });
  try {
    renameSync(own, shared);
  } catch {
    // Another worker was faster.
    rmSync(own, { recursive: true });
  }
  return shared;
}

let ownDirectory: string | undefined;

function sharedDirectory(): string {
  const shared = process.env[ASSEMBLIES];
  if (shared !== undefined) return shared;
  if (ownDirectory === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'worker-chains-assemblies-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    ownDirectory = made;
  }
  return ownDirectory;
}
