import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { DevReport } from '../../../cli/dev/run-report';
import { endAll, reportOf, Started, synthesizeOnce } from './started';

/** Of `npm start`: a stop takes effect within it. */
const HEARTBEAT_MILLISECONDS = 10_000;

afterEach(endAll);

function settled({ done, skipped, unprocessed, inDoubt }: DevReport): number {
  return done + skipped + unprocessed + inDoubt;
}

/** Takes a port of loopback for as long as `use` runs. */
async function withTakenPort(port: number, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer();
  const taken = await new Promise<boolean>((done) => {
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => done(true));
  });
  try {
    // Where another process has the port already, it is taken just as well.
    await use(taken ? (server.address() as AddressInfo).port : port);
  } finally {
    if (taken) await new Promise((closed) => server.close(closed));
  }
}

beforeAll(synthesizeOnce);

describe('npm start', () => {
  it('runs to the end on any port if the default one is taken, and reports on one line of JSON that adds up', async () => {
    await withTakenPort(4510, async () => {
      const finished = await new Started(['--json', '--items', '120', '--chains', '3'], { CDK_APP: '' }).finished;
      expect(finished.code).toBe(0);
      expect(finished.stdout.trim().split('\n')).toHaveLength(1);
      const report = reportOf(finished);
      expect(report).toMatchObject({ status: 'SUCCEEDED', planned: 120, unprocessed: 0, inDoubt: 0, chains: 3 });
      expect(settled(report)).toBe(120);
      expect(report.mailsReceived).toBe(report.done);
      expect(report.skipped).toBeGreaterThan(0);
      expect(report.links).toBeGreaterThanOrEqual(3);
      expect(finished.stderr).toMatch(/^120 ids, 3 chains, 250 mails\/s · http:\/\/127\.0\.0\.1:(?!4510\b)\d+\n/);
      expect(finished.stderr).toContain('120/120 items');
      expect(finished.stderr).toMatch(/planned +120 {2}adds up/);
      expect(finished.stderr).not.toContain('\u001b');
    });
  });

  it('explains itself', async () => {
    const { code, stdout, stderr } = await new Started(['--help']).finished;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('worker-chains dev [JOB] [options]');
  });

  it.each([
    [
      ['--chains', '101'],
      {},
      'Expected --chains to be a number of chains from 1 to 100, got 101: for example --chains 10.\n',
    ],
    [
      [],
      { AWS_ENDPOINT_URL_SES: 'localhost:5000' },
      'Expected AWS_ENDPOINT_URL_SES to be the address of a service, got localhost:5000: for example http://127.0.0.1:5000, or unset it.\n',
    ],
    [
      ['--json', '--port', '0'],
      { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' },
      'Expected a service at http://127.0.0.1:1, got ECONNREFUSED: start it, or unset AWS_ENDPOINT_URL_DYNAMODB.\n',
    ],
  ])('refuses %j %j in one sentence, with exit code 2', async (args, environment, sentence) => {
    const { code, stdout, stderr } = await new Started(args, environment).finished;
    expect([code, stdout]).toEqual([2, '']);
    // What was said before the mistake was found is no mistake.
    expect(
      stderr
        .split('\n')
        .filter((line) => !/^\d+ ids, /.test(line))
        .join('\n'),
    ).toBe(sentence);
  });

  it('says so if the port that was asked for is taken', async () => {
    await withTakenPort(0, async (port) => {
      const { code, stderr } = await new Started(['--items', '1', '--port', String(port)]).finished;
      expect(code).toBe(2);
      expect(stderr).toBe(`Expected --port to be free, got ${port}, which is taken: choose another, or 0 for any.\n`);
    });
  });
});

it('ends quietly when whoever reads its output goes away', async () => {
  const start = new Started(['--items', '200', '--chains', '1', '--rate', '50', '--port', '0']);
  await start.printed('stdout', /200 ids/);
  start.closeStdout();
  expect(await start.finished).toMatchObject({ code: 141, stderr: '' });
});

describe('Ctrl-C', () => {
  it('stops the execution, ends every chain within a heartbeat interval and reports what was done', async () => {
    const start = new Started(['--json', '--items', '2000', '--chains', '2', '--rate', '50', '--port', '0']);
    await start.printed('stderr', /\n +\d+ % {2}[1-9]\d*\/2000 items/);
    start.interrupt();
    const interruptedAt = Date.now();
    const finished = await start.finished;
    expect(Date.now() - interruptedAt).toBeLessThan(HEARTBEAT_MILLISECONDS);
    expect(finished.code).toBe(130);
    const report = reportOf(finished);
    expect(report).toMatchObject({ status: 'ABORTED', planned: 2000, inDoubt: 0 });
    expect(settled(report)).toBeGreaterThan(0);
    expect(settled(report)).toBeLessThan(2000);
    expect(report.mailsReceived).toBe(report.done);
    expect(finished.stderr).toContain('Stopping the execution …');
    expect(finished.stderr).toMatch(/not begun +\d+ {2}gone with this process: --keep DIR keeps them/);
  });

  it('before the execution has begun stops it as soon as it has', async () => {
    const start = new Started(['--json', '--items', '3000', '--chains', '1', '--port', '0']);
    await start.printed('stderr', /3000 ids/);
    start.interrupt();
    const finished = await start.finished;
    expect(finished.code).toBe(130);
    expect(reportOf(finished)).toMatchObject({ status: 'ABORTED', done: 0, mailsReceived: 0 });
  });
});

describe('--serve', () => {
  it('prints the endpoints as lines for a shell, serves them until Ctrl-C, and ends well', async () => {
    const start = new Started(['--items', '10', '--chains', '1', '--serve', '--port', '0']);
    await start.printed('stdout', /WORKER_CHAINS_STACK=WorkerChains\n/);
    const exported = [...start.stdout.matchAll(/^ +export (.+)$/gm)].flatMap(([, line = '']) => line.split(' '));
    const variables = Object.fromEntries(exported.map((assignment) => assignment.split('=')));
    const client = () => ({
      endpoint: variables.AWS_ENDPOINT_URL as string,
      region: variables.AWS_REGION as string,
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID as string,
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY as string,
      },
    });

    const sfn = new SFNClient(client());
    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
    const { stateMachineArn } = stateMachines[0] as { stateMachineArn: string };
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
    const { Functions = [] } = await new LambdaClient(client()).send(new ListFunctionsCommand({}));
    expect(Functions).toHaveLength(8);
    const { TableNames = [] } = await new DynamoDBClient(client()).send(new ListTablesCommand({}));
    expect(TableNames).toHaveLength(2);
    const { SentLast24Hours = 0 } = await new SESClient(client()).send(new GetSendQuotaCommand({}));
    expect(SentLast24Hours).toBeGreaterThan(0);
    expect(start.stdout).toMatch(new RegExp(`mails received +${SentLast24Hours}\n`));

    start.interrupt();
    expect((await start.finished).code).toBe(0);
  });

  it('goes on after Ctrl-C has stopped the run, with the command that resumes it; the next Ctrl-C ends it', async () => {
    const start = new Started(['--items', '2000', '--chains', '2', '--rate', '50', '--serve', '--port', '0']);
    await start.printed('stdout', /\n +\d+ % {2}[1-9]\d*\/2000 items/);
    start.interrupt();
    await start.printed('stdout', /WORKER_CHAINS_STACK=WorkerChains\n/);
    expect(start.stdout).toMatch(/not begun +\d+ {2}kept in the ledger as long as it is served\n/);
    expect(start.stdout).toMatch(
      /On AWS, the topic of tickets is told:\n\n {2}│ Subject: weekly-digest: run ABORTED Stopped: weekly-digest-\w+\n/,
    );
    expect(start.stdout).toMatch(/│ Why: Ctrl-C\n(.*\n)? {2}│ Of 2000 planned: [1-9]\d* done, /);
    const [, command = ''] = /^Go on with it: (.+)$/m.exec(start.stdout) ?? [];
    expect(command).toMatch(
      /^AWS_ENDPOINT_URL=\S+ .* npm run cli -- resume weekly-digest-\w+ --stack WorkerChains --job weekly-digest$/,
    );
    start.interrupt();
    expect(await start.finished).toMatchObject({ code: 130, stderr: '' });
  });
});
