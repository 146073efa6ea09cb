import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { ROOT } from '../docs/documents';
import type { Checks } from '../interop/checks';
import { run } from './command';

/** What no installed package needs. */
const NOT_SHIPPED = /(^|\/)(test|bench|build|\.ci)\/|\.test\.|\.tsx?$|jest|biome/;
const DECLARATION = /\.d\.m?ts$/;

/** Packs the package as it would be published, builds it first, and judges the tarball. Answers its path. */
export async function packed(checks: Checks, directory: string): Promise<string> {
  const { code, stdout, stderr, seconds } = await run(ROOT, ['npm', 'pack', '--json', '--pack-destination', directory]);
  if (code !== 0) throw new Error(`Expected npm pack to succeed, got ${code}: ${stderr}`);
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [Packed];
  const tarball = join(directory, filename);
  checks.ok(
    `packed in ${seconds.toFixed(0)} s: ${files.length} files, ${Math.round(statSync(tarball).size / 1000)} kB`,
  );
  const paths = files.map(({ path }) => path);
  const strange = paths.filter((path) => NOT_SHIPPED.test(path) && !DECLARATION.test(path));
  checks.holds('ships no test code and no source', strange.length === 0, strange.slice(0, 5));
  const scripts = paths.filter((path) => /^dist\/(?!page\/assets).*\.m?js$/.test(path) && path !== PLAIN_SCRIPT);
  checks.equal(
    'ships a source map of every script',
    scripts.filter((path) => !paths.includes(`${path}.map`)),
    [],
  );
  await judgeManifest(checks, tarball);
  return tarball;
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Shipped as it is written. The page's script is one for a browser's own tools. */
const PLAIN_SCRIPT = 'dist/local/lambda/bootstrap.mjs';

async function judgeManifest(checks: Checks, tarball: string): Promise<void> {
  const bytes = await readFile(tarball);
  const content = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({
    pack: { tarball: content as ArrayBuffer },
    level: 'warning',
    strict: true,
  });
  checks.equal(
    'publint has nothing to say',
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
  // node10 knows no `exports`: no Node.js that this package supports resolves like that.
  const types = await run(ROOT, ['npx', 'attw', tarball, '--profile', 'node16', '--format', 'ascii', '--no-color']);
  checks.holds('are the types wrong? No', types.code === 0, types.stdout);
}
