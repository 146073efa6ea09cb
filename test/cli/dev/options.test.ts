import { buildCommand, buildRouteMap } from '@stricli/core';
import type { Context } from '../../../cli/command-parts';
import { DEV_PARAMETERS } from '../../../cli/dev/dev-command';
import { type DevFlags, type DevOptions, devOptions } from '../../../cli/dev/options';
import { said } from '../in-process';

let options: DevOptions | undefined;
const dev = buildCommand<DevFlags, [job?: string], Context>({
  func: (flags, job) => {
    options = devOptions(flags, job);
  },
  parameters: DEV_PARAMETERS,
  docs: { brief: 'reads its options' },
});
const routes = buildRouteMap<string, Context>({ routes: { dev }, docs: { brief: 'one command' } });

const answer = (args: readonly string[]) => said(['dev', ...args], routes);

async function read(args: readonly string[]): Promise<DevOptions | undefined> {
  options = undefined;
  expect(await answer(args)).toEqual({ code: 0, stdout: '', stderr: '' });
  return options;
}

describe('the command line of worker-chains dev', () => {
  it('may be empty: then the run is the scheduled one, and every other option has a default', async () => {
    expect(await read([])).toEqual({
      random: 1,
      port: 4510,
      portIsDefault: true,
      resume: false,
      json: false,
      serve: false,
      isolate: false,
    });
  });

  it('takes a job, numbers, paths and flags', async () => {
    const numbers = '--items 1 --chains=40 --rate 10000 --random 0 --port 0';
    const args = `weekly-digest ${numbers} --seed seed.ts --keep kept --resume --json --serve --isolate`.split(' ');
    expect(await read(args)).toEqual({
      job: 'weekly-digest',
      items: 1,
      chains: 40,
      rate: 10_000,
      seed: 'seed.ts',
      random: 0,
      port: 0,
      portIsDefault: false,
      keep: 'kept',
      resume: true,
      json: true,
      serve: true,
      isolate: true,
    });
  });

  it('takes a rate with a fraction', async () => {
    expect(await read(['--rate', '2.5'])).toMatchObject({ rate: 2.5 });
  });

  it('asks for help with --help, whatever else it says, and is explained option by option within 80 columns', async () => {
    const { code, stdout, stderr } = await said(['dev', '--items', 'x', '--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const option of Object.keys(DEV_PARAMETERS.flags))
      expect(stdout).toMatch(new RegExp(`^ +\\[--${option}\\] `, 'm'));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    ['--items x', 'Expected --items to be a number of ids from 0 to 10000000, got x: for example --items 3000.'],
    ['--items -5', 'got -5'],
    ['--items 1e3', 'got 1e3'],
    ['--items 0.5', 'got 0.5'],
    ['--items 10000001', 'got 10000001'],
    ['--items=', 'got nothing'],
    ['--items', 'Expected --items to be followed by a value, got nothing: see npx worker-chains dev --help.'],
    ['--chains 0', 'from 1 to 100, got 0'],
    ['--chains 101', 'from 1 to 100, got 101'],
    ['--rate 0', 'from 1 to 10000, got 0'],
    ['--bounces 1.1', 'a share from 0 to 1, got 1.1'],
    ['--complaints 3%', 'a share from 0 to 1, got 3%'],
    ['--bounces 0.6 --complaints 0.6', 'at most 1 together, got 0.6 and 0.6'],
    ['--random -1', 'from 0 to 4294967295, got -1'],
    ['--seed=', 'Expected --seed to be followed by a file, got nothing: for example --seed seed.ts.'],
    ['--port 65536', 'from 0 to 65535, got 65536'],
    ['--keep=', 'Expected --keep to be followed by a directory, got nothing'],
    ['--resume', 'Expected --resume together with --keep DIR, got no directory'],
    ['--items 1 --items 2', 'Expected --items once, got it twice: see npx worker-chains dev --help.'],
    ['--items x --chains 0', 'from 0 to 10000000, got x'],
    ['--itmes 5', "Unknown option '--itmes': see npx worker-chains dev --help."],
    ['weekly-digest 3000', "Unexpected argument '3000': see npx worker-chains dev --help."],
  ])('is refused in one sentence: %s', async (line, sentence) => {
    const { code, stdout, stderr } = await answer(line.split(' '));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
  });
});
