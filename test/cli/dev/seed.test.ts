import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { SeedRequest } from '../../../functions/contract/seed';

const PROJECT = resolve(__dirname, '../../..');
const REQUEST: SeedRequest = { job: 'digest', ids: [1, 2], items: 2, environment: { USERS: 'users' }, random: 7 };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-seed-'));
  mkdirSync(join(directory, 'scratch'));
  symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** In a process of its own: jest loads no ES modules. Says what was thrown, and what the environment is afterwards. */
const RUN = `
  const [file, request, scratch] = process.argv.slice(1);
  process.env.SEED_TEST_KEPT = 'before';
  const variables = { SEED_TEST_KEPT: 'meanwhile', SEED_TEST_NEW: 'http://here' };
  const { loadSeed, runSeed } = require('./cli/dev/seed.ts');
  loadSeed(file, scratch)
    .then((seed) => runSeed(seed, JSON.parse(request), variables))
    .catch(({ name, message }) => console.log(JSON.stringify({ name, message })))
    .finally(() => console.log(JSON.stringify([process.env.SEED_TEST_KEPT, process.env.SEED_TEST_NEW ?? null])));
`;

/** What the seed prints, line by line, and the two variables afterwards. */
async function seeded(code: string | undefined, request = REQUEST): Promise<unknown[]> {
  const file = join(directory, 'seed.ts');
  if (code !== undefined) writeFileSync(file, code);
  const args = ['--import', 'tsx', '--eval', RUN, file, JSON.stringify(request), join(directory, 'scratch')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PROJECT });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const SEE = 'const see = (value: unknown): void => console.log(JSON.stringify(value));';
const AFTERWARDS = ['before', null];

describe('a seed', () => {
  it('is a module in TypeScript that is told of the run', async () => {
    const seen = await seeded(`${SEE}\nexport default async (request: object) => see(request);`);
    expect(seen).toEqual([REQUEST, AFTERWARDS]);
  });

  it('may import its own files and installed packages', async () => {
    writeFileSync(join(directory, 'names.ts'), 'export const name: string = "Zoë";');
    const seen = await seeded(`${SEE}
      import { join } from 'node:path';
      import { PutCommand } from '@aws-sdk/lib-dynamodb';
      import * as z from 'zod/mini';
      import { name } from './names';
      export default async () => see([typeof PutCommand, z.string().parse(name), join('a', 'b')]);`);
    expect(seen).toEqual([['function', 'Zoë', 'a/b'], AFTERWARDS]);
  });

  it('finds the endpoints in its environment, and nobody else does afterwards', async () => {
    const seen = await seeded(
      `${SEE}\nexport default async () => see([process.env.SEED_TEST_KEPT, process.env.SEED_TEST_NEW]);`,
    );
    expect(seen).toEqual([['meanwhile', 'http://here'], AFTERWARDS]);
  });

  it('fails as its function does', async () => {
    const seen = await seeded('export default async () => { throw new RangeError("It is full."); };');
    expect(seen).toEqual([{ name: 'RangeError', message: 'It is full.' }, AFTERWARDS]);
  });

  it.each<[string, string | undefined, RegExp]>([
    [
      'that is not there',
      undefined,
      /^Expected --seed to be followed by a file, got \S+seed\.ts, which there is not: name another\.$/,
    ],
    [
      'without a default export',
      'export const seed = 1;',
      /^Expected \S+ to export a function by default, got undefined: [^\n]+$/,
    ],
    ['whose default is no function', 'export default 1;', /to export a function by default, got number: /],
  ])('%s is refused in one sentence', async (_, code, message) => {
    expect(await seeded(code)).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message) }),
      AFTERWARDS,
    ]);
  });
});
