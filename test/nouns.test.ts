import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const NOUNS =
  'items|chains|links|runs|times|executions|schedules|mails|ids|throttles|faults|state machines|more mails|errors';
/** A number that is not a constant, and a noun that is right for some of them. */
const LITERAL = new RegExp(`\\$\\{[a-z][^}]*\\} (${NOUNS})\\b(?!/)`);
/** Where it is no number, or never 1, or both are written with separators. */
const RIGHT = [
  'functions/contract/counted.ts',
  'page/client/format.ts',
  '} items of run',
  'executions are unreserved',
  'functions/sources/list.ts',
  'functions/wiring/guard-warm-up.ts',
  'throttles in a row',
  'cli/plan/',
];

function sentences(): readonly string[] {
  return ['cli', 'functions', 'page', 'testing'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .sort()
      .flatMap((file) =>
        readFileSync(join(ROOT, folder, file), 'utf8')
          .split('\n')
          .filter((line) => LITERAL.test(line))
          .map((line) => `${folder}/${file}: ${line.trim()}`),
      ),
  );
}

test('a number is said with its noun by `counted`', () => {
  expect(sentences().filter((line) => !RIGHT.some((part) => line.includes(part)))).toEqual([]);
});

test('one that is not is found', () => {
  expect(LITERAL.test(['say(`Waiting for $', '{held.length} chains to settle`)'].join(''))).toBe(true);
});
