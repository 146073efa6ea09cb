import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandFor, helpOf, shellCommand } from '../../cli/recommended-command';
import { routes } from '../../cli/routes';
import { PROJECT } from './dev/started';

const DEPLOYMENT = { choice: { stack: 'Mails', job: "it's" } };
/** The words that a shell makes of a command, without the name of the program. */
const wordsOf = (command: string) =>
  execFileSync('sh', ['-c', command.replace('npx worker-chains', `printf '%s\\n'`)], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');

describe('a recommended command', () => {
  it.each(["it's", 'a(b)', '$HOME', '-x', 'monday'])('is one that a shell takes apart as it was meant: %s', (run) => {
    const words = wordsOf(commandFor(DEPLOYMENT, 'tune', { operands: [run], options: { rate: 40 } }));
    expect(words.filter((word) => word !== '--').sort()).toEqual(
      ['tune', run, '--rate', '40', '--stack', 'Mails', '--job', "it's"].sort(),
    );
    expect(words.includes('--')).toBe(run.startsWith('-'));
    if (run.startsWith('-')) expect(words.slice(-2)).toEqual(['--', run]);
  });

  it('names the program as it is called here', () => {
    expect(shellCommand('dev', { options: { keep: '-kept', resume: true } })).toBe(
      'npx worker-chains dev --keep=-kept --resume',
    );
    expect(helpOf('tune')).toBe('see npx worker-chains tune --help');
    expect(helpOf()).toBe('see npx worker-chains --help');
  });
});

/** Where the program is spoken of rather than recommended: what help says, and what shells and files are given. */
const SPOKEN_OF = [
  /fullDescription|brief/,
  /^worker-chains page, without mails/,
  /^ {2}eval "\$\(worker-chains completion bash\)"/,
  /\$\(worker-chains \$\{COMPLETE\}/,
  /Made by \\`worker-chains templates\\` of/,
  /definition is (not )?that of worker-chains \$\{packageVersion\(\)\}/,
  /cause: 'worker-chains stop'/,
];
const COMMANDS = [...routes.getAllEntries()].map(({ name }) => name['convert-camel-to-kebab']).join('|');
const LITERAL = new RegExp(`(worker-chains|programName\\(\\)\\}) (\\$\\{|(${COMMANDS}|--help)\\b)`);

/** Lines of code that write a command out. */
function literals(): readonly string[] {
  const files = readdirSync(join(PROJECT, 'cli'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'recommended-command.ts')
    .sort();
  return files.flatMap((file) =>
    readFileSync(join(PROJECT, 'cli', file), 'utf8')
      .split('\n')
      .filter((line) => LITERAL.test(line) && !/^\s*(\/?\*|\/\/)/.test(line))
      .filter((line) => !SPOKEN_OF.some((pattern) => pattern.test(line)))
      .map((line) => `${file}: ${line.trim()}`),
  );
}

test('nothing else in the command writes one out', () => {
  expect(literals()).toEqual([]);
});
