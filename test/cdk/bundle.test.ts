import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { readTemplate, synthesize } from '../../local/template/local-template';

/** One real synthesis, as `npm start` does it, with bundling. */
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-'));
  await synthesize(directory, { items: 30 });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What a bundle still imports. */
function metafileOf(bundle: string) {
  const { metafile } = buildSync({
    stdin: { contents: bundle },
    bundle: true,
    external: ['@*'],
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return Object.values(metafile.outputs)[0] as Metafile['outputs'][string];
}

it('gives every function a bundle that Node loads, with a handler in it', () => {
  const { functions } = readTemplate(directory);
  expect(functions).toHaveLength(8);
  const files = functions.map(({ codeDirectory }) => join(codeDirectory, 'index.mjs'));
  const load = `Promise.all(${JSON.stringify(files)}.map((file) => import(file))).then((modules) =>
    console.log(JSON.stringify(modules.map(({ handler }) => typeof handler))))`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', load], {
    encoding: 'utf8',
    // Nothing may come from a node_modules: the bundle is all that Lambda gets.
    cwd: directory,
  });
  expect(JSON.parse(printed)).toEqual(Array(8).fill('function'));
});

it('gives the function behind the dashboard one, too, which the embedded engine leaves alone', () => {
  const { Resources } = JSON.parse(readFileSync(join(directory, 'WorkerChains.template.json'), 'utf8'));
  const [id = ''] = Object.keys(Resources).filter((each) => /LastRunsShowRuns[0-9A-F]{8}$/.test(each));
  expect(readTemplate(directory).functions.map(({ logicalId }) => logicalId)).not.toContain(id);
  const file = join(directory, `asset.${Resources[id].Properties.Code.S3Key.replace('.zip', '')}`, 'index.mjs');
  const answer = `import(${JSON.stringify(file)}).then(({ handler }) => handler({ describe: true })).then(console.log)`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', answer], {
    encoding: 'utf8',
    cwd: directory,
  });
  expect(printed).toMatch(/^## The last runs\n/);
  const { imports } = metafileOf(readFileSync(file, 'utf8'));
  const outside = imports.filter(({ path, kind }) => !path.startsWith('node:') && kind !== 'dynamic-import');
  expect(outside).toEqual([]);
});

it('needs nothing but Node at load, and nothing but credentials that Lambda does not use later on', () => {
  for (const { codeDirectory } of readTemplate(directory).functions) {
    const bundle = readFileSync(join(codeDirectory, 'index.mjs'), 'utf8');
    const { imports } = metafileOf(bundle);
    const outside = imports.filter(({ path }) => !path.startsWith('node:'));
    expect(outside.filter(({ kind }) => kind !== 'dynamic-import')).toEqual([]);
    expect(outside.map(({ path }) => path)).toContain('@aws-sdk/credential-provider-sso');
    expect(outside.filter(({ path }) => !/^@(aws-sdk|smithy)\/credential-provider-/.test(path))).toEqual([]);
    // The source that Lambda does use.
    expect(bundle).toContain('AWS_SECRET_ACCESS_KEY');
  }
});

it('tells the bundles of the eight handlers apart', () => {
  const directories = readTemplate(directory).functions.map(({ codeDirectory }) => codeDirectory);
  expect(new Set(directories).size).toBe(8);
});

it('keeps each bundle below a megabyte, because every byte is read at every cold start', () => {
  for (const { codeDirectory } of readTemplate(directory).functions) {
    const bundle = readFileSync(join(codeDirectory, 'index.mjs'));
    expect(bundle.length).toBeGreaterThan(10_000);
    expect(bundle.length).toBeLessThan(1_000_000);
  }
});

it('bundles what renders templates, and nothing of what compiles them', () => {
  const { functions } = readTemplate(directory);
  const bundles = functions.map(({ codeDirectory }) => readFileSync(join(codeDirectory, 'index.mjs'), 'utf8'));
  expect(bundles.some((bundle) => bundle.includes('Template.MissingVariable'))).toBe(true);
  // Words of Handlebars' parser, as its whole build has them, of html-to-text and of MJML.
  expect(readFileSync(require.resolve('handlebars/dist/cjs/handlebars/compiler/parser'), 'utf8')).toContain(
    'Parse error on',
  );
  for (const bundle of bundles) expect(bundle).not.toMatch(/Parse error on|leadingLineBreaks|mj-section/);
});

it('bundles no CommonJS module that asks for a `require`, which an ES module does not have', () => {
  for (const { codeDirectory } of readTemplate(directory).functions) {
    // What esbuild puts in the place of such a `require`: it throws when it is reached, which loading alone may not do.
    expect(readFileSync(join(codeDirectory, 'index.mjs'), 'utf8')).not.toContain('Dynamic require of');
  }
});
