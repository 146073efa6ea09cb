import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { called } from '../called';
import { assemblyVariables } from '../dev/started';

const SEED = ['--seed', 'examples/weekly-digest/seed.ts'];
const scratch = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  environment = await assemblyVariables();
});

const call = (...args: readonly string[]) => called(args, { environment });

describe('worker-chains plan', () => {
  it('says yes, and what the run would be, having looked at every item', async () => {
    const { code, stdout, stderr } = await call('plan', ...SEED, '--items', '400', '--all', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const { look, forecast } = JSON.parse(stdout);
    const { done, skipped, skippedBecause } = look.counts;
    expect(look).toMatchObject({ items: 400, isComplete: true, counts: { unprocessed: 0, inDoubt: 0 } });
    expect(done + skipped).toBe(400);
    expect(Object.keys(skippedBecause).sort()).toEqual(['not-found', 'unsubscribed']);
    expect(forecast).toMatchObject({ items: 400, mails: done, objections: [] });
  });

  it('says no, why, and what would do', async () => {
    const { code, stdout } = await call('plan', ...SEED, '--items', '50', '--input', '{"rate": 100000}');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^No:\n {2}- Expected `rate` to be at most/m);
  });

  it('shows a person one of the mails', async () => {
    const { stdout } = await call('plan', ...SEED, '--items', '20');
    expect(stdout).toMatch(/The mail of item 1:\n {4}Subject: /);
    expect(stdout).toMatch(/^Yes: weekly-digest may be started\.$/m);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });

  it.each([
    ['plan --look many', 'Expected --look to be a whole number from 0 to 10000000, got many.'],
    ['plan --input [1]', `Expected --input to be an object in JSON, got [1]: for example --input '{"rate": 100}'.`],
    [
      'plan digest --stack S --items 3',
      'Expected no --items beside --stack, whose data and account are real, got both: say it in --input, or leave it out.',
    ],
    ['preview', 'Expected --item to be followed by the id of an item, got nothing: for example --item 42.'],
  ])('refuses in one sentence: %s', async (line, sentence) => {
    expect(await call(...line.split(' '))).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });

  it.each(['plan', 'preview'])('explains %s', async (command) => {
    const { code, stdout, stderr } = await call(command, '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`  worker-chains ${command} [JOB] `);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('worker-chains preview', () => {
  it('writes the mail of one item as its recipient would get it', async () => {
    const out = join(scratch, 'one.html');
    const { code, stdout } = await call('preview', '--item', '42', ...SEED, '--out', out, '--no-open');
    const message = join(scratch, 'one.eml');
    expect([code, stdout]).toEqual([0, `${out}\n${message}\n`]);
    const { subject = '', to = [] } = await PostalMime.parse(readFileSync(message));
    const page = readFileSync(out, 'utf8');
    expect(subject).not.toBe('');
    expect(page).toContain(`<title>${subject}</title>`);
    expect(page).toContain(to[0]?.address);
    expect(page).toContain('sandbox=""');
  });

  it('says of an item that gets no mail why that is', async () => {
    const { code, stdout } = await call('preview', '--item', '999999', ...SEED, '--no-open');
    expect([code, stdout]).toEqual([
      3,
      `Item 999999 would get no mail: it is skipped as not-found. If its id is a text, write it in quotes: --item '"999999"'.\n`,
    ]);
  });
});
