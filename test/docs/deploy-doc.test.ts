import { smoke } from '../scenarios/smoke-command';
import { readDocument } from './documents';

const OUTPUT = /\(output (\w+)\)/g;

test('docs/deploy.md asks the stack for outputs, and the app for settings, that there are', () => {
  const { text } = readDocument('docs/deploy.md');
  const stack = readDocument('cdk/stack.ts').text;
  const settings = readDocument('README.md').text;
  const outputs = [...text.matchAll(OUTPUT)].map(([, name]) => name);
  const given = [...text.matchAll(/-c (\w+)=/g)].map(([, name]) => name);
  expect(outputs.length).toBeGreaterThan(2);
  expect(outputs.filter((name) => !stack.includes(`new CfnOutput(this, '${name}'`))).toEqual([]);
  expect(given.length).toBeGreaterThan(5);
  expect(given.filter((name) => !settings.includes(`| \`${name}\` |`))).toEqual([]);
});

test('docs/deploy.md has the reader type flags of npm run smoke that there are', async () => {
  const help: string[] = [];
  const never = async () => Promise.reject(new Error('nothing is to happen'));
  await smoke(['--help'], { identity: never, cdk: never, open: never, say: (text) => help.push(text) });
  const calls = [...readDocument('docs/deploy.md').text.matchAll(/npm run smoke -- ([^\n`]*)/g)].map(
    ([, rest = '']) => rest,
  );
  const flags = calls.flatMap((rest) => rest.match(/--[a-z]+/g) ?? []);
  expect(flags).toEqual(['--account', '--region', '--sender']);
  expect(flags.filter((flag) => !help.join('\n').includes(`  ${flag} `))).toEqual([]);
});
