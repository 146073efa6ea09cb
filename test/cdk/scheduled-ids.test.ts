import { Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { UnexpectedValue } from '../../cdk/validation';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { JobFiles } from './job-files';
import { unbundledApp } from './stacks';

const MONDAY = Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' });
const RANGE = { first: 1, last: 3 };

const files = new JobFiles();
const jobOver = (name: string, source: string, load = '') =>
  files.write(
    `${name}.ts`,
    `import { defineJob, idRange, s3Object, table } from 'worker-chains';
     export default defineJob({ name: '${name}', source: ${source}, ${load} process: () => {} });`,
  );
const LOAD = 'load: async () => new Map(),';
const OBJECT = "s3Object({ bucket: 'exports', key: 'users.csv', format: 'csv', id: 'user' })";
const JOBS = {
  range: jobOver('range', 'idRange()', LOAD),
  table: jobOver('table', "table({ name: 'users', key: { partition: 'id' } })"),
  object: jobOver('object', OBJECT),
  loaded: jobOver('loaded', OBJECT, LOAD),
};
afterAll(() => files.remove());

const made = (job: keyof typeof JOBS, props: Partial<WorkerChainsProps>) =>
  new WorkerChains(new Stack(unbundledApp(), 'Test'), 'Chains', { job: JOBS[job], ...props });
const named = (name: string, more: object = {}) => ({ name, expression: MONDAY, ...more });

it.each<[string, keyof typeof JOBS, Partial<WorkerChainsProps>, string]>([
  [
    'a rule without ids of a job over a range',
    'range',
    { schedule: MONDAY },
    'Expected `ids` for the job range, whose source is idRange(), got nothing: say what its scheduled runs cover, such as { first: 1, last: 60000 }, or switch the schedule off with `enabled: false`.',
  ],
  ['a schedule without', 'range', { schedules: [{ expression: MONDAY }] }, 'Expected `ids` for the job range'],
  [
    'one of several schedules without',
    'range',
    { schedules: [named('a', { input: { ids: [1] } }), named('b', { input: { rate: 5 } })] },
    'Expected `ids`, or in the `input` of the schedule b, for the job range',
  ],
  [
    'a schedule that is on where the construct is off',
    'range',
    { enabled: false, schedules: [named('a'), named('b', { enabled: true })] },
    'the schedule b, for the job range',
  ],
  ['a range over an object', 'object', { schedule: MONDAY, ids: RANGE }, 'Expected no `ids` for a job over an object'],
  [
    'a range over a table',
    'table',
    { schedule: MONDAY, ids: RANGE },
    'Expected no range of `ids` for a job over a table',
  ],
  [
    'a list of ids by which no item is found',
    'object',
    { schedule: MONDAY, ids: ['a'] },
    'Expected no list of `ids` for the job object, whose source finds items by their place alone, got 1',
  ],
  [
    'the same in the input of a schedule',
    'object',
    { schedules: [{ expression: MONDAY, input: { ids: ['a', 'b'] } }] },
    'finds items by their place alone, got 2',
  ],
])('refuses %s', (_, job, props, sentence) => {
  expect(() => made(job, props)).toThrow(UnexpectedValue);
  expect(() => made(job, props)).toThrow(sentence);
});

it.each<[string, keyof typeof JOBS, Partial<WorkerChainsProps>]>([
  ['ids of the construct', 'range', { schedule: MONDAY, ids: RANGE }],
  ['ids of the construct, of all schedules', 'range', { ids: [1], schedules: [named('a'), named('b')] }],
  ['ids of each schedule', 'range', { schedules: [named('a', { input: { ids: [1] } })] }],
  ['no ids where nothing starts', 'range', { schedule: MONDAY, enabled: false }],
  ['no ids where no schedule starts', 'range', { schedules: [named('a', { enabled: false })] }],
  [
    'no ids of the one that is off',
    'range',
    { schedules: [named('a', { input: { ids: [1] } }), named('b', { enabled: false })] },
  ],
  ['no ids of a job whose sender cannot send', 'range', { schedule: MONDAY, mail: { sender: 'a@example.com' } }],
  ['no ids of a job over an object', 'object', { schedule: MONDAY }],
  ['a list of ids where the job finds them', 'loaded', { schedule: MONDAY, ids: ['a'] }],
  ['a list of ids of a table', 'table', { schedule: MONDAY, ids: [1] }],
  ['no ids of a job over a table', 'table', { schedule: MONDAY }],
])('takes %s', (_, job, props) => {
  expect(() => made(job, props)).not.toThrow();
});
