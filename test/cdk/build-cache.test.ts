import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { cachedBuild } from '../../cdk/build-cache';

jest.mock('esbuild', () => {
  const actual = jest.requireActual<typeof esbuild>('esbuild');
  return { ...actual, buildSync: jest.fn(actual.buildSync) };
});
const buildSync = jest.mocked(esbuild.buildSync);

let app: string;
let cache: string;

beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'build-cache-'));
  cache = join(app, 'node_modules', '.cache', 'builds');
  put('package.json', '{"name":"app"}');
  put('src/jobs/main.ts', "import { one } from './one'; import { two } from 'two'; console.log(one, two);");
  put('src/jobs/one/index.ts', 'export const one = 1; export const two = 3;');
  put('node_modules/two/package.json', '{"name":"two","main":"index.js"}');
  put('node_modules/two/index.js', 'exports.two = 2;');
});
afterEach(() => rmSync(app, { recursive: true, force: true }));

function put(path: string, text: string): void {
  const file = join(app, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function options(more: esbuild.BuildOptions = {}): esbuild.BuildOptions {
  const base = { entryPoints: [join(app, 'src/jobs/main.ts')], outdir: join(app, 'out'), absWorkingDir: app };
  return { ...base, bundle: true, platform: 'node', logLevel: 'silent', ...more } as const;
}

const textOf = (files: readonly { readonly contents: Uint8Array }[]) =>
  files.map(({ contents }) => Buffer.from(contents).toString('utf8'));

/** What the cache gives, and whether it has built for it. It must be what a build gives. */
function asked(more: esbuild.BuildOptions = {}) {
  buildSync.mockClear();
  const files = textOf(cachedBuild(options(more), cache));
  const isBuilt = buildSync.mock.calls.length > 0;
  const fresh = esbuild.buildSync({ ...options(more), write: false });
  expect(files).toEqual(textOf(fresh.outputFiles ?? []));
  return isBuilt ? 'built' : 'kept';
}

it('builds once, and gives the same again as long as nothing has changed', () => {
  expect([asked(), asked(), asked()]).toEqual(['built', 'kept', 'kept']);
  expect([asked({ minify: true }), asked({ minify: true }), asked()]).toEqual(['built', 'kept', 'kept']);
});

it.each<[string, () => void]>([
  ['a source is edited', () => put('src/jobs/one/index.ts', 'export const one = 9;')],
  [
    'a file of a package is replaced by one of the same size and time',
    () => {
      const file = join(app, 'node_modules/two/index.js');
      const npm = new Date('1985-10-26T08:15:00Z');
      utimesSync(file, npm, npm);
      asked();
      put('node_modules/two/index.js', 'exports.two = 7;');
      utimesSync(file, npm, npm);
    },
  ],
  ['a file comes that is found before', () => put('src/jobs/one.ts', "export const one = 'nearer';")],
  ['a package comes nearer', () => put('src/node_modules/two/index.js', "exports.two = 'nearer';")],
  [
    'a package has another main file',
    () => {
      put('node_modules/two/other.js', "exports.two = 'other';");
      put('node_modules/two/package.json', '{"name":"two","main":"other.js"}');
    },
  ],
  [
    'the compiler is told otherwise',
    () => {
      put('tsconfig.json', '{"compilerOptions":{"paths":{"two":["./src/jobs/one"]}}}');
    },
  ],
  ['a source is gone, and its neighbour is found', () => put('src/jobs/one.js', "exports.one = 'js';")],
])('builds anew where %s', (_, change) => {
  asked();
  change();
  expect(asked()).toBe('built');
  expect(asked()).toBe('kept');
});

it('keeps nothing where settings of the compiler stand elsewhere', () => {
  put('base.json', '{"compilerOptions":{"paths":{"two":["./src/jobs/one"]}}}');
  put('tsconfig.json', '{"extends":"./base.json"}');
  expect([asked(), asked()]).toEqual(['built', 'built']);
  put('base.json', '{}');
  expect(asked()).toBe('built');
});

it('builds where what was kept is torn, empty or of another kind', () => {
  asked();
  const [name = ''] = readdirSync(cache);
  const whole = readFileSync(join(cache, name));
  for (const spoilt of [whole.subarray(0, whole.length / 2), Buffer.alloc(0), Buffer.from('{}')]) {
    writeFileSync(join(cache, name), spoilt);
    expect(asked()).toBe('built');
  }
  expect(asked()).toBe('kept');
});

it('builds where nothing can be kept', () => {
  put('node_modules/.cache/builds', 'a file where the directory would be');
  expect([asked(), asked()]).toEqual(['built', 'built']);
});

it('keeps nothing of a build during which a source was edited', () => {
  const actual = jest.requireActual<typeof esbuild>('esbuild');
  buildSync.mockImplementationOnce(((given: esbuild.BuildOptions) => {
    const result = actual.buildSync(given);
    put('src/jobs/one/index.ts', 'export const one = 9;');
    return result;
  }) as typeof esbuild.buildSync);
  expect(textOf(cachedBuild(options(), cache)).join()).toContain('one = 1');
  expect(readdirSync(cache)).toEqual([]);
  expect([asked(), asked()]).toEqual(['built', 'kept']);
});

it('fails as a build fails, and keeps nothing of it', () => {
  put('src/jobs/main.ts', "import './missing';");
  expect(() => cachedBuild(options(), cache)).toThrow('Could not resolve "./missing"');
  expect(readdirSync(cache)).toEqual([]);
  put('src/jobs/missing.ts', 'console.log(1);');
  expect(asked()).toBe('built');
});

it('keeps two builds of each of the last dozen jobs', () => {
  for (let job = 0; job < 27; job += 1) asked({ define: { JOB: String(job) } });
  expect(readdirSync(cache)).toHaveLength(24);
  expect(asked({ define: { JOB: '26' } })).toBe('kept');
  expect(asked({ define: { JOB: '0' } })).toBe('built');
});
