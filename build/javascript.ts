import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { buildAssets } from '../page/assets';
import { COMMAND, DOORS, HANDLER_SOURCES, PLAIN_FILES } from './doors';

const COMMON: BuildOptions = {
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
};

/** What a handler's job is imported as: the author's own, which the construct puts there. */
const JOB = '#job';

/**
 * Compiles what the doors and the command reach, and nothing else: no test comes along.
 *
 * - CommonJS, file by file: `dist` has the tree of the sources, so that each file finds its neighbours – the state
 *   machine, the page, the runtime of a thread – as it does among the sources.
 * - ES modules for what ends up in a function, with what they share in common files: an author's `worker-chains` and the
 *   handlers in the same bundle are then one module, and `instanceof` holds between them. Packages stay outside, so that
 *   the author's bundle takes of the AWS SDK what it uses.
 */
export async function compile(project: string, output: string): Promise<void> {
  await Promise.all([compileTree(project, output), compileModules(project, output), compilePage(output)]);
  for (const file of PLAIN_FILES) cpSync(join(project, file), join(output, file));
}

/** Where `page/assets.ts` looks for the files of the page when it is compiled itself. */
async function compilePage(output: string): Promise<void> {
  const directory = join(output, 'page', 'assets');
  mkdirSync(directory, { recursive: true });
  for (const [name, { content }] of await buildAssets()) writeFileSync(join(directory, name), content);
}

async function compileTree(project: string, output: string): Promise<void> {
  const entries = [...DOORS.map(({ source }) => source), COMMAND];
  const { metafile } = await build({
    ...COMMON,
    absWorkingDir: project,
    entryPoints: entries.map((source) => `${source}.ts`),
    bundle: true,
    packages: 'external',
    external: [JOB],
    metafile: true,
    write: false,
    outdir: output,
  });
  const { outputFiles } = await build({
    ...COMMON,
    absWorkingDir: project,
    entryPoints: Object.keys(metafile.inputs),
    outbase: project,
    outdir: output,
    write: false,
    format: 'cjs',
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, withExtensions(text));
  }
}

/** Where `require` finds a file without its extension, `import()` does not. */
function withExtensions(code: string): string {
  return code.replace(/\bimport\("(\.{1,2}\/[^"]+)"\)/g, 'import("$1.js")');
}

async function compileModules(project: string, output: string): Promise<void> {
  const entries = [...DOORS.filter(({ isModule }) => isModule).map(({ source }) => source), ...HANDLER_SOURCES];
  await build({
    ...COMMON,
    absWorkingDir: project,
    entryPoints: entries.map((source) => ({ in: `${source}.ts`, out: source })),
    bundle: true,
    packages: 'external',
    external: [JOB],
    splitting: true,
    chunkNames: 'functions/shared-[hash]',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    outdir: output,
  });
}
