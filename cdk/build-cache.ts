import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type BuildOptions, buildSync, version } from 'esbuild';
import { BUILD_CACHE } from './package-files';

/** A file that a build has made, in memory. */
export interface BuiltFile {
  /** Absolute. */
  readonly path: string;
  readonly contents: Uint8Array;
}

/** What a build has made, and what it would make otherwise if any of it changed. */
interface Kept {
  /** Stamps of files and directories by their paths. */
  readonly stamps: ReadonlyMap<string, string>;
  readonly files: readonly BuiltFile[];
}

/** Builds that are kept, two of a job: of more than a few jobs hardly anybody synthesizes in one directory. */
const MOST_KEPT = 24;
const EXTENSION = '.build';

/** What a build makes: kept between two of them where the environment names a directory for that. */
export function builtFiles(options: BuildOptions): readonly BuiltFile[] {
  const directory = process.env[BUILD_CACHE];
  return directory ? cachedBuild(options, directory) : (buildSync({ ...options, write: false }).outputFiles ?? []);
}

/**
 * A build, or what it made the last time if it would make the same again. For syntheses that are not deployed: a
 * deployment always builds.
 *
 * What a build depends on are the files that it has read, and what it has looked for and not found: a file beside them
 * with another extension, a nearer `node_modules`, a `tsconfig.json`. So a kept build counts only as long as none of
 * these files, their directories, and of the directories above them `node_modules`, `package.json` and `tsconfig.json`
 * have changed, by inode, size and both times: npm gives the files of all packages one time of modification.
 *
 * @param directory where builds are kept, which is made if need be; one that cannot be written keeps nothing
 */
export function cachedBuild(options: BuildOptions, directory: string): readonly BuiltFile[] {
  const place = join(directory, nameOf(options) + EXTENSION);
  const kept = read(place);
  if (kept) return kept.files;
  const begun = begin(place);
  try {
    const { outputFiles, metafile } = buildSync({ ...options, write: false, metafile: true });
    const files = outputFiles.map(({ path, contents }) => ({ path, contents }));
    const inputs = Object.keys(metafile.inputs).map((path) => resolve(options.absWorkingDir ?? process.cwd(), path));
    if (begun) keep(begun, inputs, files);
    return files;
  } finally {
    if (begun) rmSync(begun.part, { force: true });
  }
}

/** A build that is under way. */
interface Begun {
  readonly place: string;
  /** Becomes what is kept. */
  readonly part: string;
  /** By the clock of the file system. */
  readonly at: bigint;
}

/** Undefined where nothing can be kept: on a disk that is full or read-only, the next synthesis is as slow as this one. */
function begin(place: string): Begun | undefined {
  const part = `${place}.${process.pid}`;
  try {
    // Before anything is read: in `node_modules` it changes what is looked at.
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(part, '');
    return { place, part, at: statSync(part, { bigint: true }).mtimeNs };
  } catch {
    return undefined;
  }
}

function nameOf(options: BuildOptions): string {
  const told = JSON.stringify([version, process.cwd(), options]);
  return createHash('sha256').update(told).digest('hex').slice(0, 32);
}

function read(place: string): Kept | undefined {
  try {
    const kept = deserialize(readFileSync(place)) as Kept;
    return [...kept.stamps].every(([path, stamp]) => stampOf(statOf(path)) === stamp) ? kept : undefined;
  } catch {
    // There is none, or none that this version of Node.js can read.
    return undefined;
  }
}

function keep({ place, part, at }: Begun, inputs: readonly string[], files: readonly BuiltFile[]): void {
  try {
    const stamps = stampsOf(inputs, at);
    if (stamps === undefined) return;
    writeFileSync(part, serialize({ stamps, files } satisfies Kept));
    renameSync(part, place);
    prune(dirname(place));
  } catch {
    // The disk has become full: what is kept is what was kept before.
  }
}

function prune(directory: string): void {
  const kept = readdirSync(directory)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => join(directory, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const place of kept.slice(MOST_KEPT)) rmSync(place, { force: true });
}

/** Times of what is not there. */
const NEVER = { mtimeNs: 0n, ctimeNs: 0n };

/** Undefined where it is not known what the build has seen: settings that stand elsewhere, or a change while it went on. */
function stampsOf(inputs: readonly string[], begunAt: bigint): ReadonlyMap<string, string> | undefined {
  const directories = new Set(inputs.map((path) => dirname(path)));
  const above = new Set([...directories].flatMap(withThoseAbove));
  const settings = [...above].flatMap((path) => ['package.json', 'tsconfig.json'].map((name) => join(path, name)));
  if (settings.some(extendsAnother)) return undefined;
  const looked = [...inputs, ...directories, ...settings, ...[...above].map((path) => join(path, 'node_modules'))];
  const seen = looked.map((path) => [path, statOf(path)] as const);
  const isLater = seen.some(([, { mtimeNs, ctimeNs } = NEVER]) => mtimeNs > begunAt || ctimeNs > begunAt);
  return isLater ? undefined : new Map(seen.map(([path, found]) => [path, stampOf(found)]));
}

function withThoseAbove(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...withThoseAbove(parent)];
}

/** A `tsconfig.json` that builds on one elsewhere, which is not looked for. That of a package is not used. */
function extendsAnother(path: string): boolean {
  if (!path.endsWith('tsconfig.json') || path.includes(`${sep}node_modules${sep}`)) return false;
  try {
    return /"extends"\s*:/.test(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
}

function stampOf(found: BigIntStats | undefined): string {
  if (found === undefined) return 'none';
  const { ino, size, mtimeNs, ctimeNs } = found;
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}

function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
