import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

/** A file of the page, as it is served. */
export interface Asset {
  readonly contentType: string;
  readonly content: Buffer;
}

/** By name. A request picks from this map and never forms a path: there is nothing to traverse. */
export type Assets = ReadonlyMap<string, Asset>;

/** The browser code as it is written, beside this file in a checkout. */
const SOURCES = join(__dirname, 'client');
/** The files that `buildAssets` made, beside this file in a package. */
const BUILT = join(__dirname, 'assets');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

let loading: Promise<Assets> | undefined;

/**
 * The files of the page: built from their sources where these are there, otherwise as they were built. Once a process.
 */
export function loadAssets(): Promise<Assets> {
  loading ??= existsSync(SOURCES) ? buildAssets() : Promise.resolve(readAssets(BUILT));
  return loading;
}

/**
 * Makes the files of the page from their sources: the browser code becomes one module, `main.js`, and what
 * its libraries bring of styles `main.css`.
 *
 * @throws Error where esbuild fails
 */
export async function buildAssets(): Promise<Assets> {
  // Not at the top: a package that brings the built files has no use for it.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(SOURCES, 'main.tsx')],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    tsconfig: join(SOURCES, 'tsconfig.json'),
    legalComments: 'none',
    outdir: '/',
    write: false,
  });
  const built = outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)] as const);
  return new Map([...readAssets(SOURCES), ...built.map(([name, content]) => [name, assetOf(name, content)] as const)]);
}

/** Every file of a directory that is served as it is. */
export function readAssets(directory: string): Assets {
  const names = readdirSync(directory).filter((name) => extname(name) in CONTENT_TYPES);
  return new Map(names.map((name) => [name, assetOf(name, readFileSync(join(directory, name)))]));
}

function assetOf(name: string, content: Buffer): Asset {
  return { contentType: CONTENT_TYPES[extname(name)] ?? 'application/octet-stream', content };
}
