import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const EXAMPLES = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('cdk.out/'))
  .map((file) => join('examples', file));
/** The app that ships stands in `cdk/`, beside the construct that it uses. */
const APP = ['cdk/app.ts', 'cdk/stack.ts', 'cdk/settings.ts'];

/** What a file imports from this repository, as it says it. */
function importsOf(file: string): string[] {
  const code = readFileSync(join(ROOT, file), 'utf8');
  return [...code.matchAll(/^(?:import|export) [^;]*?'([^']+)'/gms)].map(([, path = '']) => path);
}

it.each(EXAMPLES)('%s is written as a guest would: with packages, its own files and its door', (file) => {
  const imports = importsOf(file);
  // What runs in the functions has nothing of the construct's in it, and the other way round.
  const door = basename(file) === 'app.ts' ? 'worker-chains/cdk' : 'worker-chains';
  expect(imports.filter((path) => path.startsWith('worker-chains') && path !== door)).toEqual([]);
  expect(imports.filter((path) => path.startsWith('.') && !path.startsWith('./'))).toEqual([]);
});

/** What is made up for a run on this machine is not what an author writes. */
const MADE_UP = ['seed.ts', 'stand-in-api.ts'];
const SHORT = ['monthly-statement', 'csv-to-api', 'table-sweep'];
const MOST_LINES = 60;

it.each(SHORT)('%s takes its author fewer than 60 lines: the job and its app, comments included', (example) => {
  const files = EXAMPLES.filter((file) => dirname(file) === join('examples', example));
  const written = files.filter((file) => !MADE_UP.includes(basename(file)));
  expect(written.map((file) => basename(file)).sort()).toEqual(['app.ts', 'job.ts']);
  const lines = written.flatMap((file) => readFileSync(join(ROOT, file), 'utf8').split('\n'));
  expect(lines.filter((line) => line.trim() !== '').length).toBeLessThan(MOST_LINES);
});

it.each(APP)('%s uses the construct through its door', (file) => {
  const own = importsOf(file).filter((path) => path.startsWith('.'));
  const permitted = /^\.\/(settings|stack)$|^\.\.\/examples\//;
  expect(own.filter((path) => !permitted.test(path))).toEqual([]);
});

it('looks at imports that are there', () => {
  expect(importsOf('examples/weekly-digest/job.ts')).toContain('worker-chains');
  expect(importsOf('cdk/stack.ts')).toContain('worker-chains/cdk');
});
