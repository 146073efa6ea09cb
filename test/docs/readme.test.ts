import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { App } from 'aws-cdk-lib';
import { loadJob } from '../../cdk/job-file';
import { readSettings } from '../../cdk/settings';
import type { Email } from '../../functions/contract/email';
import { isSkip, type Job } from '../../functions/contract/job';
import { parseSender } from '../../functions/email/address';
import { composeMime } from '../../functions/email/mime';
import { parseInput } from '../../functions/run/input';
import { said } from '../cli/in-process';
import { NOTHING_ELSE } from '../support/no-call';
import { type CodeFile, codeFiles, ROOT, readDocument } from './documents';

const readme = readDocument('README.md');
const directory = realpathSync(mkdtempSync(join(tmpdir(), 'worker-chains-readme-')));

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** What the compiler says of these files, as if each stood at its path in the repository. Empty if nothing. */
async function typeErrors(name: string, files: readonly CodeFile[]): Promise<string> {
  const root = join(directory, name);
  for (const { path, code } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), code);
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const project = {
    extends: join(ROOT, 'tsconfig.json'),
    // The doors of the package are those of the repository, by its `paths`: nothing else of it may be imported.
    compilerOptions: { typeRoots: [join(ROOT, 'node_modules/@types')] },
    include: [],
    files: files.map(({ path }) => path),
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(project));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  return promisify(execFile)(process.execPath, [compiler, '--project', root]).then(
    () => '',
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}

const PATIENCE_MILLISECONDS = 60_000;

describe('the code in the documents', () => {
  test(
    'is a job and its construct, and compiles',
    async () => {
      const files = codeFiles(readme);

      expect(files.map(({ path }) => path)).toEqual(['jobs/hello.ts', 'app.ts']);
      expect(await typeErrors('readme', files)).toBe('');
    },
    PATIENCE_MILLISECONDS,
  );

  test(
    'is a stack with two jobs and a source, and compiles',
    async () => {
      const files = ['docs/writing-a-job.md', 'docs/writing-a-source.md'].flatMap((path) =>
        codeFiles(readDocument(path)),
      );

      expect(files.map(({ path }) => path)).toEqual(['stacks/digests.ts', 'schedules.ts', 'jobs/named.ts']);
      expect(await typeErrors('source', files)).toBe('');
    },
    PATIENCE_MILLISECONDS,
  );

  test(
    'would not compile with a misspelled property',
    async () => {
      const files = codeFiles(readme).map(({ path, code }) => ({
        path,
        code: code.replace('schedules:', 'sendShare1:'),
      }));

      expect(await typeErrors('broken', files)).toContain("'sendShare1' does not exist in type 'WorkerChainsProps'");
    },
    PATIENCE_MILLISECONDS,
  );
});

test('the job of the README loads, and makes mails that can be sent', async () => {
  const [hello] = codeFiles(readme) as [CodeFile];
  const file = join(directory, 'hello.ts');
  writeFileSync(file, hello.code);
  const job = loadJob(file).job as Job;
  const readers = (await job.load?.([1, 10])) ?? new Map();
  const mails: string[] = [];
  const send = async (email: Email) => {
    mails.push(email.to);
    await composeMime(email, parseSender('hello@example.com'), 0);
  };

  expect(await job.process(readers.get(1), { id: 1, send, ...NOTHING_ELSE })).toBeUndefined();
  expect(isSkip(await job.process(readers.get(10), { id: 10, send, ...NOTHING_ELSE }))).toBe(true);
  expect(mails).toEqual(['reader.1@example.com']);
});

test('the README tells the options of npm start as --help does', async () => {
  const [, section = ''] = readme.text.split('\n### Options of `npm start`\n');
  expect(section.match(/```\n([\s\S]*?)```/)?.[1]).toBe((await said(['dev', '--help'])).stdout);
});

test('the README tells of every field of a run’s input, and of no other', () => {
  expect(rowsOf('### The input')).toEqual(namesIn(sentenceOf(() => parseInput({ job: 'any', nonsense: 1 }))));
});

test('the README tells of every setting of the app, and of no other', () => {
  const app = new App({ context: { nonsense: 1 } });
  expect(rowsOf('## Deploy').sort()).toEqual(namesIn(sentenceOf(() => readSettings(app.node))).sort());
});

/** The first cells of the table under a heading. */
function rowsOf(heading: string): string[] {
  const [, section = ''] = readme.text.split(`\n${heading}\n`);
  const [table = ''] = section.split(/\n#/);
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
}

/** What is named before the sentence comes to what it got. */
function namesIn(sentence: string): string[] {
  const [expected = ''] = sentence.split(', got');
  return [...expected.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}

function sentenceOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('Expected a refusal, got none.');
}
