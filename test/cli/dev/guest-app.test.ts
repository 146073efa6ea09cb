import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListStateMachinesCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RunView } from '../../../page/view';
import { endAll, PROJECT, reportOf, Started } from './started';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-app-'));
});

afterEach(() => {
  endAll();
  rmSync(directory, { recursive: true, force: true });
});

/** An app of its own, in a directory of its own, with a table of recipients and two jobs over it. */
function writeApp(): void {
  symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
  const app = `TSX_TSCONFIG_PATH=${join(PROJECT, 'tsconfig.json')} node --import tsx app.ts`;
  writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ app, context: { guests: 'welcome' } }));
  writeFileSync(
    join(directory, 'app.ts'),
    `import { App } from 'aws-cdk-lib';
    import { twoConstructs } from '${join(PROJECT, 'test/local/several-jobs')}';
    const app = new App();
    if (app.node.tryGetContext('guests') !== 'welcome') throw new Error('There is no context.');
    twoConstructs(app);
    app.synth();`,
  );
  writeFileSync(
    join(directory, 'seed.ts'),
    `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
    import { readers } from '${join(PROJECT, 'test/cli/readers')}';
    export default async ({ items, environment }: { items: number; environment: Record<string, string> }) => {
      const client = DynamoDBDocumentClient.from(new DynamoDBClient());
      await readers(1, items, { missing: [3] }).writeTo(client, environment.RECIPIENTS_TABLE as string);
    };`,
  );
}

const dev = (...args: string[]) => new Started([...args, '--port', '0'], {}, directory);

describe('worker-chains dev in the directory of an app', () => {
  it('runs the job that is named, over what the app’s own seed made', async () => {
    writeApp();
    const finished = await dev('quiet-week', '--seed', 'seed.ts', '--json').finished;
    expect([finished.code, finished.stderr.split('\n')[0]]).toEqual([0, expect.stringMatching(/^30 ids, 2 chains, /)]);
    expect(reportOf(finished)).toMatchObject({ status: 'SUCCEEDED', planned: 30, done: 29, skipped: 1, chains: 2 });
  });

  it('lists its jobs where none is named', async () => {
    writeApp();
    expect(await dev().finished).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Expected one of the jobs weekly-digest, quiet-week, got nothing: name one, for example weekly-digest.\n',
    });
  });

  it('starts the other job through the endpoints, and shows both', async () => {
    writeApp();
    const start = dev('weekly-digest', '--items', '5', '--seed', 'seed.ts', '--serve');
    await start.printed('stdout', /AWS_SECRET_ACCESS_KEY=\S+\n/);
    const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(start.stdout)?.[1] as string;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sfn = new SFNClient({ endpoint, region: 'us-east-1', credentials });
    const shown = async (): Promise<RunView> => (await fetch(`${endpoint}/api/run`)).json() as Promise<RunView>;
    expect((await shown()).execution).toMatchObject({ status: 'SUCCEEDED', input: { ids: { first: 1, last: 5 } } });

    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
    const second = stateMachines.find(({ name }) => name?.includes('Second'));
    const input = JSON.stringify({ job: 'quiet-week', ids: [1, 2], chains: 1 });
    const command = new StartExecutionCommand({ stateMachineArn: second?.stateMachineArn, name: 'by-hand', input });
    const { executionArn } = await sfn.send(command);
    let view = await shown();
    // What has just been read is shown for some time: the new execution comes with the next reading.
    while (view.execution?.arn !== executionArn || view.execution?.status === 'RUNNING') view = await shown();
    expect(view.execution).toMatchObject({ arn: executionArn, status: 'SUCCEEDED' });
    expect(view.totals).toMatchObject({ planned: 2, done: 2 });
    expect(view.executions.map(({ arn, stateMachine }) => [arn, stateMachine])).toEqual([
      [executionArn, second?.name],
      [expect.any(String), expect.stringContaining('First')],
    ]);
    start.interrupt();
    expect((await start.finished).code).toBe(0);
  });

  it.each<[string, string | undefined, RegExp]>([
    ['no cdk.json', undefined, /^Expected a cdk\.json in \S+, got none: call this in the directory of a CDK app\.\n$/],
    [
      'no app in it',
      '{}',
      /^Expected \S+cdk\.json to say by "app" how the app is synthesized, got nothing: [^\n]+\.\n$/,
    ],
  ])('says so if there is %s', async (_, settings, sentence) => {
    symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
    if (settings !== undefined) writeFileSync(join(directory, 'cdk.json'), settings);
    const { code, stderr } = await dev().finished;
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it('tells what of the app cannot run here', async () => {
    writeApp();
    writeFileSync(
      join(directory, 'app.ts'),
      `import { App } from 'aws-cdk-lib';
      import { Stream } from 'aws-cdk-lib/aws-kinesis';
      import { twoConstructs } from '${join(PROJECT, 'test/local/several-jobs')}';
      const app = new App();
      const { stack, first } = twoConstructs(app);
      first.runChain.addEnvironment('ORDERS', new Stream(stack, 'Orders').streamArn);
      app.synth();`,
    );
    const { code, stderr } = await dev('Mails/Second').finished;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^The embedded engine has no AWS::Kinesis::Stream \(Orders\w+\), to which the variable ORDERS of FirstRunChain\w+ refers: [^\n]+\.\n$/,
      ),
    ]);
  });

  it('tells what the app said that did not synthesize', async () => {
    symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
    writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ app: 'echo "It is Sunday." >&2; exit 3' }));
    const { code, stderr } = await dev().finished;
    expect([code, stderr]).toEqual([1, 'The app did not synthesize (exit code 3).\nIt is Sunday.\n']);
  });
});
