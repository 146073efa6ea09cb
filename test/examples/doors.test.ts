import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const EXAMPLES = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('examples', file));
/** The app that ships stands in `cdk/`, beside the construct that it uses. */
const APP = ['cdk/app.ts', 'cdk/stack.ts', 'cdk/settings.ts'];

/** What a file imports from this repository, as it says it. */
function importsOf(file: string): string[] {
  const code = readFileSync(join(ROOT, file), 'utf8');
  return [...code.matchAll(/^(?:import|export) [^;]*?'([^']+)'/gms)].map(([, path = '']) => path);
}

it.each(EXAMPLES)('%s is written as a guest would: with packages, its own files and the door for jobs', (file) => {
  const imports = importsOf(file);
  expect(imports.filter((path) => path.startsWith('worker-chains') && path !== 'worker-chains')).toEqual([]);
  expect(imports.filter((path) => path.startsWith('.') && !path.startsWith('./'))).toEqual([]);
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
