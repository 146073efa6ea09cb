import { said } from '../cli/in-process';
import { smoke } from '../scenarios/smoke-command';
import { readDocument } from './documents';

const COMMAND = /npm run cli -- ([a-z]+)([^\n`|]*)/g;
const OUTPUT = /\(output (\w+)\)/g;

/** What a document has the reader type of this command: its name, and its flags. */
function commandsIn(text: string): readonly { readonly name: string; readonly flags: readonly string[] }[] {
  return [...text.matchAll(COMMAND)].map(([, name = '', rest = '']) => ({
    name,
    flags: [...rest.matchAll(/(?<=\s)--[a-z-]+/g)].map(([flag]) => flag),
  }));
}

/** Flags and commands that there are not. */
async function unknownIn(text: string): Promise<string[]> {
  const unknown: string[] = [];
  for (const { name, flags } of commandsIn(text)) {
    const { code, stdout } = await said([name, '--help']);
    if (code !== 0) unknown.push(name);
    else unknown.push(...flags.filter((flag) => !stdout.includes(`[${flag}]`) && !stdout.includes(` ${flag} `)));
  }
  return unknown;
}

const DOCUMENTS = ['docs/deploy.md', 'docs/operations.md', 'README.md'];

test.each(DOCUMENTS)('%s has the reader type commands and flags that there are', async (path) => {
  const { text } = readDocument(path);
  expect(commandsIn(text).length).toBeGreaterThan(3);
  expect(await unknownIn(text)).toEqual([]);
});

test('a command and a flag that there are not are found', async () => {
  expect(await unknownIn('npm run cli -- strat --items 1-3\n`npm run cli -- start --itmes 1-3`')).toEqual([
    'strat',
    '--itmes',
  ]);
});

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
