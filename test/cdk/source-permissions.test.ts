import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { permitSource } from '../../cdk/source-permissions';
import { UnexpectedValue } from '../../cdk/validation';
import { WorkerChains } from '../../cdk/worker-chains';
import type { WorkerChainsProps } from '../../cdk/worker-chains-props';
import { JobFiles } from './job-files';
import { resourceOf, Template, unbundledApp } from './stacks';

const files = new JobFiles();
afterAll(() => files.remove());

/** A job over a table, with these options of its source. */
const jobOver = (name: string, options: string) =>
  files.write(
    `${name}.ts`,
    `import { defineJob, env, table } from 'worker-chains';
     export default defineJob({ name: '${name}', source: table(${options}), process: () => {} });`,
  );

function synthesized(job: string, props: Partial<WorkerChainsProps> = {}): Template {
  const stack = new Stack(unbundledApp(), 'Test');
  const users = new Table(stack, 'Users', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const schedule = Schedule.cron({ weekDay: 'MON' });
  const environment = { USERS_TABLE: users.tableName };
  new WorkerChains(stack, 'Job', { job, schedule, environment, ...props });
  return Template.fromStack(stack);
}

/** What a function may do beyond its ledger, per resource: the end of the ARN, without the CDK's hashes. */
function readingOf(template: Template, fn: string): Record<string, string[]> {
  const [role] = resourceOf(template, 'AWS::IAM::Role', `Job${fn}Role`);
  const found: Record<string, string[]> = {};
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
    if (!Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role)) continue;
    for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
      const parts = (Resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? [];
      const text = parts.map((part) => (typeof part === 'string' ? part : (part as { Ref: string }).Ref)).join('');
      const name = /:dynamodb:AWS::Region:AWS::AccountId:(.*)$/.exec(text)?.[1]?.replace(/(?<=Users)[0-9A-F]{8}/, '');
      if (name !== undefined) found[name] = [...(found[name] ?? []), ...[Action].flat()].sort();
    }
  }
  return found;
}

describe('a job over a table', () => {
  it.each(['CreateWorkers', 'RunChain'])(
    'lets %s describe, scan and look up the table that the environment names',
    (fn) => {
      const template = synthesized(jobOver('scan', `{ name: env('USERS_TABLE'), key: 'id' }`));
      expect(readingOf(template, fn)).toEqual({
        'table/Users': ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:Scan'],
      });
    },
  );

  it('lets nobody scan a table that is queried', () => {
    const job = jobOver('query', `{ name: 'people', key: { partition: 'pk', sort: 'sk' }, query: { partition: 'a' } }`);
    expect(readingOf(synthesized(job), 'RunChain')).toEqual({
      'table/people': ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:Query'],
    });
  });

  it('lets the functions query the index, and the table of it only look up', () => {
    const query = `{ partition: 'due', index: { name: 'byDay', partition: 'day' } }`;
    const template = synthesized(jobOver('index', `{ name: env('USERS_TABLE'), key: 'id', query: ${query} }`));
    expect(readingOf(template, 'RunChain')).toEqual({
      'table/Users': ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable'],
      'table/Users/index/byDay': ['dynamodb:Query'],
    });
  });

  it.each(['FailChain', 'ReconcileRun'])('lets %s read no row', (fn) => {
    const template = synthesized(jobOver('scan', `{ name: env('USERS_TABLE'), key: 'id' }`));
    expect(readingOf(template, fn)).toEqual({});
  });

  it('gives the environment to every function that has the job in it, and to no other', () => {
    const template = synthesized(jobOver('scan', `{ name: env('USERS_TABLE'), key: 'id' }`));
    const having = ['CreateWorkers', 'RunChain', 'FailChain', 'ReconcileRun'].filter((name) => {
      const { Environment } = resourceOf(template, 'AWS::Lambda::Function', `Job${name}`)[1].Properties;
      return 'USERS_TABLE' in (Environment as { Variables: object }).Variables;
    });
    expect(having).toEqual(['CreateWorkers', 'RunChain', 'ReconcileRun']);
  });

  it.each<Record<string, string>>([{}, { USERS_TABLE: '' }, { USER_TABLE: 'users' }])(
    'is refused with the environment %j',
    (environment) => {
      const synthesis = () => synthesized(jobOver('scan', `{ name: env('USERS_TABLE'), key: 'id' }`), { environment });
      expect(synthesis).toThrow(UnexpectedValue);
      expect(synthesis).toThrow(
        'Expected `environment` to have USERS_TABLE, which the source of the job reads, got nothing: give it to the construct.',
      );
    },
  );

  it('is refused with a range of ids, as each of its runs would be', () => {
    const synthesis = () =>
      synthesized(jobOver('ranged', `{ name: 'people', key: 'id' }`), { ids: { first: 1, last: 2 } });
    expect(synthesis).toThrow('Expected no range of `ids` for a job over a table, got {"first":1,"last":2}');
  });

  it('is refused with a source whose options cannot work', () => {
    expect(() => synthesized(jobOver('wrong', `{ name: 'people' }`))).toThrow(
      'Expected of table() `key` to be the name of the partition key',
    );
  });
});

it('allows exactly the calls that a table is read with', () => {
  const reader = readFileSync(join(__dirname, '..', '..', 'functions', 'sources', 'table-reader.ts'), 'utf8');
  const called = [...reader.matchAll(/new (\w+)Command\(/g)].map(([, call]) => call as string);
  const actions = new Set(called.map((call) => `dynamodb:${call === 'BatchGet' ? 'BatchGetItem' : call}`));
  const template = (name: string, query = '') =>
    synthesized(jobOver(name, `{ name: 'people', key: { partition: 'p', sort: 's' } ${query} }`));
  const allowed = [template('all-scanned'), template('all-queried', `, query: { partition: 'a' }`)].flatMap((one) =>
    Object.values(readingOf(one, 'RunChain')).flat(),
  );
  expect([...new Set(allowed)].sort()).toEqual([...actions].sort());
  const others = readdirSync(join(__dirname, '..', '..', 'functions', 'sources')).filter(
    (file) => file.startsWith('table') && file !== 'table-reader.ts',
  );
  expect(others.length).toBeGreaterThan(3);
  for (const file of others) {
    expect(readFileSync(join(__dirname, '..', '..', 'functions', 'sources', file), 'utf8')).not.toContain('Command(');
  }
});

it('writes the ARN of a bucket without region and account', () => {
  const stack = new Stack(unbundledApp(), 'Test');
  const chains = new WorkerChains(stack, 'Job', {
    job: jobOver('named', `{ name: 'people', key: 'id' }`),
    schedule: Schedule.cron({ weekDay: 'MON' }),
  });
  permitSource(
    [chains.runChain as LambdaFunction],
    {
      grants: (value) => [
        { service: 's3', actions: ['s3:GetObject'], resource: `${value({ variable: 'BUCKET' })}/a.csv` },
      ],
    },
    { BUCKET: 'exports' },
  );
  const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(policies).toContain(
    '{"Action":"s3:GetObject","Effect":"Allow","Resource":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":s3:::exports/a.csv"]]}}',
  );
});
