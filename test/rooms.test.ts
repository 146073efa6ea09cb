import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const ROOT = join(__dirname, '..');

/**
 * The rooms, and what each may import beside itself and npm packages. A path ends in `/` where everything below it is
 * meant; the first entry that a file's path begins with is its room.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'functions/contract/': [],
  'functions/ledger/': ['functions/contract/'],
  // What reads a store of its own needs the function's clients.
  'functions/sources/': ['functions/contract/', 'functions/ledger/', 'functions/clients.ts'],
  'functions/email/': ['functions/contract/'],
  'functions/effects/': ['functions/contract/'],
  'functions/jobs/': ['functions/contract/'],
  'functions/run/': ['functions/contract/', 'functions/ledger/', 'functions/sources/'],
  'functions/chain/': [
    'functions/contract/',
    'functions/ledger/',
    'functions/effects/',
    'functions/sources/',
    'functions/run/',
  ],
  'functions/unsubscribing/': ['functions/contract/', 'functions/ledger/', 'functions/email/'],
  'functions/widget/': ['functions/contract/', 'functions/ledger/', 'functions/email/'],
  'functions/survey/': [
    'functions/contract/',
    'functions/ledger/',
    'functions/effects/',
    'functions/sources/',
    'functions/run/',
  ],
  'functions/feedback/': ['functions/contract/', 'functions/ledger/', 'functions/email/', 'functions/run/'],
  // The handlers, their wiring and the door of the package.
  'functions/': ['functions/'],
  'examples/': [],
  'local/': ['functions/contract/clock.ts'],
  'page/client/': ['page/view.ts', 'page/delta.ts', 'functions/contract/'],
  'page/': ['functions/contract/', 'functions/ledger/'],
  'cli/': ['functions/', 'local/', 'page/', 'cdk/'],
  'cdk/': [
    'functions/contract/',
    'functions/jobs/',
    'functions/sources/',
    'functions/email/',
    'functions/run/',
    'functions/index.ts',
    'examples/',
  ],
  'testing/': ['functions/'],
  // The tables that documents are made of.
  'build/': ['cdk/handlers.ts', 'page/', 'functions/contract/', 'functions/email/'],
};

const FOLDERS = ['functions', 'examples', 'local', 'page', 'cli', 'cdk', 'testing', 'build'];
const IMPORT = /(?:from|import|require\()\s*'(\.[^']*)'/g;

function files(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      // `cdk synth` in an example leaves its bundles there.
      .filter((file) => /\.(ts|mjs|js|tsx)$/.test(file) && !file.includes('cdk.out/'))
      .map((file) => join(folder, file)),
  );
}

function isFile(path: string): boolean {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** What a file imports of this repository, as paths from its root. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [...source.matchAll(IMPORT)].map(([, specifier = '']) => {
    const path = normalize(join(dirname(file), specifier));
    return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find(isFile) ?? path;
  });
}

function roomOf(file: string): string {
  const room = Object.keys(ROOMS).find((prefix) => file.startsWith(prefix));
  if (room === undefined) throw new Error(`Expected ${relative(ROOT, file)} to stand in a room: add it to ROOMS.`);
  return room;
}

function arrowsThatGoUp(file: string, imports: readonly string[]): string[] {
  const room = roomOf(file);
  const allowed = [room, ...(ROOMS[room] ?? [])];
  return imports
    .filter((target) => !allowed.some((prefix) => target.startsWith(prefix)))
    .map((target) => `${file} → ${target}`);
}

test('imports go down only, from room to room', () => {
  expect(files().flatMap((file) => arrowsThatGoUp(file, importsOf(file)))).toEqual([]);
});

test('an import of what lies above is found', () => {
  expect(
    arrowsThatGoUp('functions/ledger/ledger.ts', ['functions/chain/pace.ts', 'functions/contract/clock.ts']),
  ).toEqual(['functions/ledger/ledger.ts → functions/chain/pace.ts']);
  expect(importsOf('functions/run-chain.ts')).toContain('functions/wiring/wire-run-link.ts');
});

/** Names that say the same everywhere: a door, and the parts of an example. */
const SHARED_NAMES = ['index.ts', 'app.ts', 'job.ts', 'seed.ts'];

test('no two files have one name for two meanings', () => {
  const byName = new Map<string, string[]>();
  for (const file of files()) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  const doubled = [...byName].filter(([name, paths]) => paths.length > 1 && !SHARED_NAMES.includes(name));
  expect(doubled.map(([, paths]) => paths)).toEqual([]);
});
