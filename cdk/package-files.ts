import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Handler } from './handlers';

/** Files of this package that the construct reads, TypeScript in the repository and compiled in the package. */

/** Environment variable that names the directory in which builds are kept. What deploys does not set it. */
export const BUILD_CACHE = 'WORKER_CHAINS_BUILD_CACHE';

const PACKAGE_DIRECTORY = join(__dirname, '..');

/** Where the handlers stand, and the door `worker-chains` beside them. */
export const FUNCTIONS_DIRECTORY = join(PACKAGE_DIRECTORY, 'functions');
const IS_REPOSITORY = existsSync(join(FUNCTIONS_DIRECTORY, 'index.ts'));
const EXTENSION = IS_REPOSITORY ? 'ts' : 'mjs';

export function handlerFile(handler: Handler): string {
  return join(FUNCTIONS_DIRECTORY, `${handler}.${EXTENSION}`);
}

/** What `import … from 'worker-chains'` is in a job: the modules that the handlers have, not a second copy of them. */
export const DOOR_FILE = join(FUNCTIONS_DIRECTORY, `index.${EXTENSION}`);

export const DEFINITION_FILE = join(PACKAGE_DIRECTORY, 'statemachine', 'worker-chains.asl.json');

/** Version of this package. What is compiled stands in its `dist`. */
export function packageVersion(): string {
  const file = join(PACKAGE_DIRECTORY, IS_REPOSITORY ? '.' : '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
