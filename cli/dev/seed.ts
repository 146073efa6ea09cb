import { existsSync, mkdtempSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Seed, SeedRequest } from '../../functions/contract/seed';
import { UsageError } from '../command-line';

/**
 * The default export of a module, in TypeScript or JavaScript.
 *
 * @param scratch directory for the compiled module
 * @throws UsageError where the file is missing or exports no function by default
 */
export async function loadSeed(file: string, scratch: string): Promise<Seed> {
  const source = resolve(file);
  if (!existsSync(source)) {
    throw new UsageError(`Expected --seed to be followed by a file, got ${file}, which there is not: name another.`);
  }
  const seed = await loadDefault(source, scratch);
  if (typeof seed !== 'function') {
    throw new UsageError(
      `Expected ${file} to export a function by default, got ${typeof seed}: export default async ({ items, environment }) => …`,
    );
  }
  return seed as Seed;
}

/**
 * Runs a seed with `variables` in the environment meanwhile.
 *
 * @throws what the function itself throws
 */
export async function runSeed(
  seed: Seed,
  request: SeedRequest,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  await within(variables, () => seed(request));
}

async function loadDefault(source: string, scratch: string): Promise<unknown> {
  const outfile = join(mkdtempSync(join(scratch, 'seed-')), 'seed.mjs');
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins: [installedPackages],
    logLevel: 'error',
  });
  return ((await import(pathToFileURL(outfile).href)) as { default?: unknown }).default;
}

/**
 * Installed packages are loaded from where they are; the author's own files become one module, whatever their language.
 */
const installedPackages: Plugin = {
  name: 'installed-packages',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...where }) => {
      // Asked by ourselves, below.
      if (pluginData === installedPackages) return undefined;
      const { kind, resolveDir, importer } = where;
      const found = await bundle.resolve(path, { kind, resolveDir, importer, pluginData: installedPackages });
      const isInstalled = found.errors.length === 0 && found.path.includes(`${sep}node_modules${sep}`);
      return isInstalled ? { path: pathToFileURL(found.path).href, external: true } : found;
    });
  },
};

async function within(variables: Readonly<Record<string, string>>, run: () => Promise<void>): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
