import { UsageError } from '../../../cli/command-line';
import { HELP, readOptions } from '../../../cli/dev/options';

describe('the command line of worker-chains dev', () => {
  it('may be empty: then the run is the scheduled one, and every other option has a default', () => {
    expect(readOptions([])).toEqual({
      random: 1,
      port: 4510,
      portIsDefault: true,
      resume: false,
      json: false,
      serve: false,
    });
  });

  it('takes a job, numbers, paths and flags', () => {
    const numbers = '--items 1 --chains=40 --rate 10000 --random 0 --port 0';
    const args = `weekly-digest ${numbers} --seed seed.ts --keep kept --resume --json --serve`.split(' ');
    expect(readOptions(args)).toEqual({
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
    });
  });

  it('asks for help with --help, whatever else it says', () => {
    expect(readOptions(['--items', 'x', '--help'])).toBe('help');
  });

  it('is explained option by option within 80 columns', () => {
    for (const option of [
      'items',
      'chains',
      'rate',
      'seed',
      'random',
      'port',
      'keep',
      'resume',
      'json',
      'serve',
      'help',
    ]) {
      expect(HELP).toContain(`  --${option} `);
    }
    expect(Math.max(...HELP.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    ['--items x', 'Expected --items to be a number of ids from 0 to 10000000, got x: for example --items 3000.'],
    ['--items -5', 'got -5'],
    ['--items 1e3', 'got 1e3'],
    ['--items 0.5', 'got 0.5'],
    ['--items 10000001', 'got 10000001'],
    ['--items=', 'got nothing'],
    ['--items', "Option '--items <value>' argument missing: see worker-chains dev --help."],
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
    ['--json=yes', "Option '--json' does not take an argument: see worker-chains dev --help."],
    ['--itmes 5', "Unknown option '--itmes': see worker-chains dev --help."],
    ['weekly-digest 3000', "Unexpected argument '3000': see worker-chains dev --help."],
  ])('is refused in one sentence: %s', (line, sentence) => {
    const read = () => readOptions(line.split(' '));
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
    expect(read).toThrow(/^[^\n]+\.$/);
  });
});
