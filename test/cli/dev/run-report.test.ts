import { devReport, exitCode, printReport, type WayOn } from '../../../cli/dev/run-report';
import { printable, printableError } from '../../../cli/printable';
import type { RunView } from '../../../page/view';

function viewOf(
  execution: Partial<NonNullable<RunView['execution']>>,
  totals: Partial<RunView['totals']> = {},
): RunView {
  return {
    now: new Date(1000).toISOString(),
    execution: {
      arn: 'arn:aws:states:us-east-1:123456789012:execution:machine:run',
      name: 'run',
      status: 'SUCCEEDED',
      startDate: new Date(0).toISOString(),
      input: {},
      redriveCount: 0,
      ...execution,
    },
    states: [],
    chains: [],
    totals: {
      planned: 10,
      isEstimate: false,
      done: 10,
      skipped: 0,
      unprocessed: 0,
      inDoubt: 0,
      itemsPerSecond: 0,
      throttles: 0,
      mails: 10,
      ...totals,
    },
    throughput: [],
    executions: [],
    endpoints: {},
  };
}

const codeOf = (view: RunView) => exitCode(devReport(view));
const print = (view: RunView, sendsMail = true, wayOn: WayOn = {}) =>
  printReport(devReport(view), view, { sendsMail, ...wayOn });

describe('the exit code', () => {
  it('is 0 only if everybody is done or skipped', () => {
    expect(codeOf(viewOf({}, { done: 7, skipped: 3 }))).toBe(0);
  });

  it('is 3 for a success that leaves one item unprocessed, or one in doubt', () => {
    expect(codeOf(viewOf({}, { done: 9, unprocessed: 1 }))).toBe(3);
    expect(codeOf(viewOf({}, { done: 9, inDoubt: 1 }))).toBe(3);
  });

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'] as const)('is 1 for %s, whatever is left', (status) => {
    expect(codeOf(viewOf({ status }))).toBe(1);
    expect(codeOf(viewOf({ status }, { inDoubt: 1 }))).toBe(1);
  });
});

describe('the report', () => {
  it('says in its head what is left and how to list it', () => {
    const view = { ...viewOf({}, { done: 7, unprocessed: 1, inDoubt: 2 }), leftoversCommand: 'list them all' };
    const [, head, command] = print(view).split('\n');
    expect(head).toBe('Execution SUCCEEDED after 1 s, with 1 item unprocessed and 2 in doubt');
    expect(command).toBe('  list them: list them all');
  });

  it('says nothing of leftovers if there are none', () => {
    expect(print(viewOf({}))).not.toMatch(/unprocessed and|list them/);
  });

  it.each([
    [{ planned: 10, given: 10, gone: 0, added: 0 }, /planned +10 {2}adds up/, /given|meanwhile/],
    [{ planned: 13, given: 10, gone: 3, added: 0 }, /given +10 {2}adds up\n {2}planned +13 {2}3 gone meanwhile/, /NaN/],
    [{ planned: 8, given: 10, gone: 0, added: 2 }, /given +10 {2}adds up\n {2}planned +8 {2}2 added meanwhile/, /NaN/],
    [{ given: 10, gone: 0, added: 0 }, /given +10 {2}adds up/, /planned|meanwhile/],
  ])('says what was planned and what the source gave: %j', (output, shown, hidden) => {
    const printed = print(viewOf({ output }));
    expect(printed).toMatch(shown);
    expect(printed).not.toMatch(hidden);
  });

  it('says what becomes of items that were not begun, and the command that goes on, of a run that has not succeeded', () => {
    const wayOn = { left: 'kept while it is served', goOn: 'worker-chains resume run' };
    const stopped = print(viewOf({ status: 'ABORTED' }, { done: 4 }), true, wayOn);
    expect(stopped).toMatch(/not begun +6 {2}kept while it is served\n/);
    expect(stopped).toMatch(/\nGo on with it: worker-chains resume run$/);
    expect(print(viewOf({ status: 'ABORTED' }), true, wayOn)).not.toMatch(/not begun|Go on/);
    expect(print(viewOf({ status: 'RUNNING' }, { done: 4 }), true, wayOn)).not.toContain('Go on');
    expect(print(viewOf({ status: 'FAILED' }, { done: 4 }), true, { left: 'gone with this process' })).not.toMatch(
      /ledger|Go on/,
    );
  });

  it('says nothing of mails where the job has no sender', () => {
    expect(print(viewOf({}), true)).toContain('mails received');
    expect(print(viewOf({}), false)).not.toContain('mails');
  });

  it('says of whom the mails are, where others ran beside it', () => {
    const alone = { arn: 'arn', name: 'a', stateMachine: 's', status: 'SUCCEEDED', redriveCount: 0 } as const;
    const executions = ['1', '2'].map((name) => ({ ...alone, name, startDate: new Date(0).toISOString() }));
    expect(print({ ...viewOf({}), executions: executions.slice(1) })).toMatch(/mails received +10\n/);
    expect(print({ ...viewOf({}), executions })).toMatch(/mails received +10 {2}of all 2 executions\n/);
  });

  it('lets a cause neither clear the screen nor forge a line SUCCEEDED', () => {
    const cause = '\u001b[2J\u001b[H\nExecution SUCCEEDED after 1 s\r\u009b2K\u2028Execution SUCCEEDED';
    const printed = print(viewOf({ status: 'FAILED', error: 'Chain.Crashed\u001b[1A', cause }));
    expect(printed).not.toMatch(/[^\P{Cc}\n]|\u2028/u);
    expect(printed.split('\n').filter((line) => line.startsWith('Execution '))).toEqual(['Execution FAILED after 1 s']);
    expect(printed).toContain('\\u001b[2J');
  });

  it('lets the message in a failed Lambda do no more than that', () => {
    const cause = JSON.stringify({ errorMessage: '\u001bc\nExecution SUCCEEDED' });
    expect(print(viewOf({ status: 'FAILED', error: 'E', cause }))).toContain('E: \\u001bc\\u000aExecution SUCCEEDED');
  });
});

describe('printable text', () => {
  it.each([
    '\u0000',
    '\n',
    '\u007f',
    '\u0085',
    '\u009b',
    '\u061c',
    '\u200e',
    '\u202e',
    '\u2066',
    '\u2069',
    '\u2029',
    '\ud800',
    '\udfff',
  ])('has no %j of its own', (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    expect(printable(`a${character}b`)).toBe(`a\\u${code}b`);
  });

  it('keeps letters, emoji and joiners of any script', () => {
    expect(printable('Žofie 王 שלום 👩‍👧')).toBe('Žofie 王 שלום 👩‍👧');
  });

  it('stays the same JSON', () => {
    const value = { id: '\u202e\u009b\u2028x' };
    expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
  });

  it('keeps the frames of an error on lines of their own, and its message on one', () => {
    const lines = printableError(new Error('a\nExecution SUCCEEDED')).split('\n');
    expect(lines[0]).toBe('Error: a\\u000aExecution SUCCEEDED');
    expect(lines.slice(1).every((line) => /^ +at /.test(line))).toBe(true);
  });
});
