import { type DeployedJob, meantJob } from '../../../cli/dev/jobs';
import { planRun } from '../../../cli/dev/run-plan';
import type { RuleConfig } from '../../../local/template/configurations';

const NOON = new Date('2026-10-19T12:00:00Z');

const rule = (schedule: string | undefined, enabled: boolean): RuleConfig => ({
  ...{ name: `Stack-${schedule}`, schedule: 'cron(0 9 ? * MON *)', zone: 'Europe/Berlin', enabled },
  stateMachineArn: 'arn:runs',
  input: (time) => ({ job: 'digest', chains: 3, scheduledFor: time.toISOString(), ...(schedule && { schedule }) }),
});

const job = (...rules: readonly RuleConfig[]): DeployedJob => ({
  ...{ name: 'digest', constructPath: 'Stack/Digest', ledgerTable: 'ledger', stack: 'Stack', rules },
  rule: (rules.find(({ enabled }) => enabled) ?? rules[0]) as RuleConfig,
  stateMachine: {} as never,
  createWorkers: { environment: {} } as never,
  runChain: { environment: {} } as never,
});

const three = job(rule('off', false), rule('mondays', true), rule('fridays', true));
let said: string;

beforeEach(() => {
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

describe('of several schedules', () => {
  it.each([['fridays'], ['off']])('%s is the one whose occurrence is served where it is asked for', (schedule) => {
    const { input } = planRun(meantJob([three], { schedule }), {}, NOON);
    expect(input).toMatchObject({ schedule, scheduledFor: NOON.toISOString() });
    expect(said).toBe('');
  });

  it('it is the first that is on, and one line says so', () => {
    expect(planRun(meantJob([three], {}), {}, NOON).input.schedule).toBe('mondays');
    expect(said).toBe('The run is that of mondays, of 3 schedules of digest: --schedule NAME takes another.\n');
  });

  it('nothing is said of a run that goes on', () => {
    meantJob([three], { resume: true });
    expect(said).toBe('');
  });

  it.each(['sundays', ''])('%j is refused in one sentence that lists them', (schedule) => {
    expect(() => meantJob([three], { schedule })).toThrow(
      `Expected --schedule to be one of the schedules off, mondays, fridays of the job digest, got ${schedule || 'nothing'}: for example --schedule off.`,
    );
  });
});

describe('of a job with one schedule', () => {
  it('nothing is said, and no name is taken', () => {
    const only = job(rule(undefined, true));
    expect(meantJob([only], {})).toBe(only);
    expect(said).toBe('');
    expect(() => meantJob([only], { schedule: 'mondays' })).toThrow(
      'Expected no --schedule for the job digest, whose only schedule has no name, got mondays: leave it out.',
    );
  });
});
