import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimDirectory } from '../../../local/dynamodb/directory-claim';
import { temporaryDirectories } from './directories';

const directory = temporaryDirectories();
const lockOf = (claimed: string) => join(claimed, 'tables.lock');

test('a directory is claimed once, and again when it was given back', () => {
  const claimed = directory();
  const release = claimDirectory(claimed);
  expect(() => claimDirectory(claimed)).toThrow(
    `Expected ${claimed} to be free, got process ${process.pid}, which keeps its tables there: end it, or name another directory.`,
  );
  release();
  expect(existsSync(lockOf(claimed))).toBe(false);
  claimDirectory(claimed)();
});

test('another process holds it while it lives, and no longer', async () => {
  const claimed = directory();
  const child = spawn(process.execPath, ['-e', 'console.log(); setInterval(() => {}, 1000)']);
  await once(child.stdout, 'data');
  writeFileSync(lockOf(claimed), JSON.stringify({ pid: child.pid, started: '' }));
  expect(() => claimDirectory(claimed)).toThrow(`got process ${child.pid}`);

  child.kill('SIGKILL');
  await once(child, 'exit');
  claimDirectory(claimed)();
});

test.each([
  ['a later process that got the number', () => JSON.stringify({ pid: process.pid, started: '1' })],
  ['a process that died before it had written its number', () => ''],
])('%s does not hold it', (_, content) => {
  const claimed = directory();
  writeFileSync(lockOf(claimed), content());
  const release = claimDirectory(claimed);

  expect(JSON.parse(readFileSync(lockOf(claimed), 'utf8'))).toMatchObject({ pid: process.pid });
  release();
});
