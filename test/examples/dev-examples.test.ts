import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { EXAMPLES } from './example-account';

const COMMAND = [
  '--import',
  'tsx',
  join(EXAMPLES, '../cli/main.ts'),
  'dev',
  '--seed',
  'seed.ts',
  '--port',
  '0',
  '--json',
];
/** Everybody done or skipped; the same, but with items unprocessed. */
const [CLEAN, LEFTOVERS] = [0, 3];

/** Runs `worker-chains dev` in the directory of an example, as its author would. */
function dev(example: string, variables: Readonly<Record<string, string>>) {
  const options = { cwd: join(EXAMPLES, example), env: { ...process.env, ...variables } };
  return new Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, [...COMMAND, '--chains', '2'], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? CLEAN, stdout, stderr }),
    );
  });
}

it.each([
  ['monthly-statement', { CUSTOMERS: '120' }, CLEAN, { done: 119, skipped: 1, unprocessed: 0, mailsReceived: 119 }],
  ['csv-to-api', { LINES: '40' }, LEFTOVERS, { done: 40, unprocessed: 1, mailsReceived: 0 }],
  ['table-sweep', { USERS: '120' }, CLEAN, { done: 120, skipped: 0, unprocessed: 0, mailsReceived: 0 }],
])('worker-chains dev runs %s with its seed', async (example, sizes, code, report) => {
  const ran = await dev(example, { ...sizes, CRM_URL: `http://127.0.0.1:${await freePort()}` });

  expect({ ...ran, report: JSON.parse(ran.stdout) }).toMatchObject({ code, report: { ...report, inDoubt: 0 } });
  expect(ran.stderr).toContain('adds up');
});
