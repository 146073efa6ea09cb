import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type * as esbuild from 'esbuild';
import { loadJob } from '../../cdk/job-file';
import { BUILD_CACHE } from '../../cdk/package-files';
import { UnexpectedValue } from '../../cdk/validation';
import { JobFiles, jobCode } from './job-files';

const files = new JobFiles();
afterAll(() => files.remove());

jest.mock('esbuild', () => {
  const actual = jest.requireActual<typeof esbuild>('esbuild');
  return { ...actual, buildSync: jest.fn(actual.buildSync) };
});

const { [BUILD_CACHE]: buildCache } = process.env;
afterEach(() => {
  process.env[BUILD_CACHE] = buildCache;
});

/** Loads a job as another process would, which knows of none: its name, and whether it was built for that. */
async function loadAnew(path: string): Promise<string> {
  let read = '';
  await jest.isolateModulesAsync(async () => {
    const { buildSync } = jest.mocked(await import('esbuild'));
    const { loadJob: loadNow } = await import('../../cdk/job-file');
    buildSync.mockClear();
    const { name } = loadNow(path).job;
    read = `${name}, ${buildSync.mock.calls.length > 0 ? 'built' : 'kept'}`;
  });
  return read;
}

/** The one sentence with which a file is refused. */
function refusalOf(path: string): string {
  try {
    loadJob(path);
  } catch (error) {
    expect(error).toBeInstanceOf(UnexpectedValue);
    return (error as Error).message;
  }
  throw new Error('Expected a refusal, got none.');
}

describe('the file of a job', () => {
  it('is found by an absolute path, and by one relative to the directory in which the app runs', () => {
    const path = files.writeJob('hello');

    expect(loadJob(path)).toMatchObject({ path, job: { name: 'hello', source: { kind: 'id-range' } } });
    expect(loadJob(relative(process.cwd(), path))).toMatchObject({ path, job: { name: 'hello' } });
    expect(loadJob('examples/weekly-digest/job.ts').job.name).toBe('weekly-digest');
  });

  it('is compiled once where builds are kept, and again when it or a file of its own has changed', async () => {
    process.env[BUILD_CACHE] = join(files.directory, 'builds');
    const part = files.write('kept/name.ts', 'export const name = "one";');
    const code = jobCode('x').replace('"x"', 'name').replace('import', 'import { name } from "./name"; import');
    const path = files.write('kept/job.ts', code);

    expect([await loadAnew(path), await loadAnew(path)]).toEqual(['one, built', 'one, kept']);
    writeFileSync(part, 'export const name = "another";');
    expect([await loadAnew(path), await loadAnew(path)]).toEqual(['another, built', 'another, kept']);
  });

  it('may import files of its own and packages, JSON and CommonJS', () => {
    files.write('parts/name.json', '{ "name": "from-parts" }');
    files.write('parts/old.js', 'module.exports = { name: require("./name.json").name };');
    const code = jobCode('x').replace('"x"', 'name').replace('import', 'import { name } from "./parts/old"; import');

    expect(
      loadJob(files.write('parts.ts', `import { basename } from 'node:path'; basename('x'); ${code}`)).job.name,
    ).toBe('from-parts');
  });

  it('that is missing is refused, and so is a directory or the name of a job', () => {
    expect(refusalOf('jobs/none.ts')).toBe(
      `Expected \`job\` to be a file such as jobs/hello.ts, got "jobs/none.ts", which is no file: name it relative to ${process.cwd()}, where the app runs.`,
    );
    expect(refusalOf('examples/weekly-digest')).toContain('got "examples/weekly-digest", which is no file');
    expect(refusalOf('weekly-digest')).toContain('got "weekly-digest", which is no file');
  });

  it('that does not compile is refused with what the compiler says first, and where', () => {
    const path = files.write('broken.ts', 'const a = 1;\nexport default defineJob({ name: };\n');
    expect(refusalOf(path)).toMatch(
      /^Expected the job \S+broken\.ts to compile, got "Unexpected "}"" at \S+broken\.ts:2:34: correct it\.$/,
    );
    expect(refusalOf(files.write('lost.ts', 'import "./nowhere";'))).toContain('got "Could not resolve "./nowhere""');
  });

  it('that waits while it loads is refused: it could not be evaluated within a constructor', () => {
    const path = files.write('waiting.ts', `await Promise.resolve(); ${jobCode('waiting')}`);
    expect(refusalOf(path)).toMatch(/ to compile, got "Top-level await is .* at \S+waiting\.ts:1:1: correct it\.$/);
  });

  it('that does not load is refused with the error, on one line', () => {
    const path = files.write('eager.ts', `${jobCode('eager')}; throw new Error('no USERS_TABLE');`);
    expect(refusalOf(path)).toBe(
      `Expected the job ${path} to load, got "Error: no USERS_TABLE": correct it, and read what only the function has – variables, services – when the job runs.`,
    );
    expect(refusalOf(files.write('odd.ts', 'throw undefined;'))).toContain('to load, got "undefined"');
  });

  it('may import from a neighbouring folder what only that folder has installed', () => {
    files.write('shared/node_modules/colours/package.json', '{ "name": "colours", "version": "1.0.0" }');
    files.write('shared/node_modules/colours/index.js', "exports.green = 'green';");
    files.write('shared/name.ts', "export { green as name } from 'colours';");
    const code = jobCode('x').replace('"x"', 'name').replace('import', "import { name } from './shared/name'; import");

    expect(loadJob(files.write('neighbour.ts', code)).job.name).toBe('green');
    expect(refusalOf(files.write('missing.ts', 'import "no-such-package";'))).toContain(
      'to compile, got "Could not resolve "no-such-package""',
    );
  });

  it.each([
    ['exports nothing', 'export {};', 'nothing'],
    ['exports a job by name only', jobCode('named').replace('export default', 'export const job ='), 'nothing'],
    ['exports a definition', "export default { name: 'x', process() {} };", 'an object'],
    ['exports a function', 'export default () => undefined;', 'a function'],
    ['exports null', 'export default null;', 'null'],
    ['exports a list', 'export default [];', 'an array'],
    ['is CommonJS with no default', 'module.exports = null;', 'nothing'],
  ])('that %s is refused', (_, code, got) => {
    const path = files.write(`no-job-${Buffer.from(code).toString('hex').slice(0, 60)}.ts`, code);
    expect(refusalOf(path)).toBe(
      `Expected ${path} to export a job by default, got ${got}: write \`export default defineJob({ … })\`.`,
    );
  });

  it('whose definition is refused is refused with the same sentence', () => {
    const path = files.write('misnamed.ts', jobCode('Misnamed Job'));
    expect(refusalOf(path)).toBe(
      `${path}: Expected \`name\` to be lower-case words joined by hyphens, at most 64 characters, got "Misnamed Job".`,
    );
  });

  it('whose job comes from another copy of this package is told apart', () => {
    const copies = ['jobs/define-job', 'sources/id-range', 'contract/payloads'].map((name) => {
      return `export * from ${JSON.stringify(join(process.cwd(), 'functions', name))};`;
    });
    files.write('copy.ts', copies.join('\n'));
    const code = jobCode('copied').replace("'worker-chains'", "'./copy'");
    expect(refusalOf(files.write('copied.ts', code))).toMatch(
      /^Expected the job of \S+copied\.ts to be defined with the copy of worker-chains that its construct comes from, got one of another copy: install the package once/,
    );
  });
});
