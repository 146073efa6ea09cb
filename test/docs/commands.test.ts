import { routes } from '../../cli/routes';
import { callsIn, shortCallsIn, unknownIn } from './commands';
import { type Document, documents, readDocument } from './documents';

/** What is true now, with what stands beside `docs/`. */
const CURRENT = [...documents(), readDocument('CONTRIBUTING.md'), readDocument('local/README.md')];

/** Of the changelog the newest part: what an earlier version had is true of that version. */
function newestPart({ path, text, prose }: Document): Document {
  if (path !== 'CHANGELOG.md') return { path, text, prose };
  const upToNewest = (all: string) => all.split(/^## /m).slice(0, 2).join('## ');
  return { path, text: upToNewest(text), prose: upToNewest(prose) };
}

describe.each(CURRENT.map((document) => [document.path, newestPart(document)] as const))('%s', (path, document) => {
  test('has the reader type commands and flags that there are', async () => {
    expect(await unknownIn(callsIn(document))).toEqual([]);
  });

  // Decisions and the changelog say of what it was before, too.
  if (/^docs\/decisions\/|^CHANGELOG/.test(path)) return;
  test('names no flag and no short command that there is not', async () => {
    expect(await unknownIn(shortCallsIn(document))).toEqual([]);
  });
});

test.each(['docs/deploy.md', 'docs/operations.md', 'README.md'])('%s has commands to type', (path) => {
  expect(callsIn(readDocument(path)).length).toBeGreaterThan(3);
});

describe('what is not there', () => {
  const found = async (text: string) => [
    await unknownIn(callsIn({ text, prose: text })),
    await unknownIn(shortCallsIn({ prose: text })),
  ];

  test.each([
    ['`npm run cli -- strat --items 1-3`', [['strat'], []]],
    ['`npm run cli -- start --itmes 1-3`', [['--itmes'], []]],
    ['`worker-chains rate RUN 20`', [['rate'], []]],
    ['`rate --provider NAME N`', [[], ['rate']]],
    ['`tune RUN --rat N`', [[], ['--rat']]],
    ['(`--function NAME`)', [[], ['--function']]],
    ['`worker-chains plan`, `tune --provider ses --rate 1`, `--look`; the domain of worker-chains is', [[], []]],
  ])('%s', async (text, unknown) => {
    expect(await found(text)).toEqual(unknown);
  });
});

/** Help is written to 80 columns by hand: a longer line is broken at the edge, and leaves a line of a word or two. */
const COLUMNS = 80;

test.each([...routes.getAllEntries()].map(({ name, target }) => [name.original, target.fullDescription] as const))(
  'the help of %s has lines of 80 characters at most',
  (_name, description = '') => {
    expect(description.split('\n').filter((line) => line.length > COLUMNS)).toEqual([]);
  },
);
