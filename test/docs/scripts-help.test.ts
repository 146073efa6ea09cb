import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import packageJson from '../../package.json';

const PROJECT = resolve(__dirname, '../..');
const run = promisify(execFile);

/** The scripts that are programs of our own. `test:quick`, `check`, … are the tools' own commands. */
const OWN = Object.entries(packageJson.scripts).filter(([, command]) => command.startsWith('node '));

it('are the programs of package.json', () => {
  expect(OWN.map(([name]) => name)).toEqual(expect.arrayContaining(['start', 'bench', 'simulate', 'build', 'api']));
});

it.each(OWN)('npm run %s -- --help explains it and does nothing else', async (_name, command) => {
  const [, ...words] = command.split(' ');
  const { stdout, stderr } = await run(process.execPath, [...words, '--help'], { cwd: PROJECT });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/npm run|worker-chains/);
  expect(stdout.split('\n').length).toBeGreaterThan(3);
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(88);
});
