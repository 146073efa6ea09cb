import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { awsFailure } from '../../../cli/deployment/aws-failure';
import { SHORT_PATIENCE, USUAL_PATIENCE, waiting } from '../../../cli/deployment/patience';
import { called } from '../called';
import { PROJECT } from '../dev/started';

const identity = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
const servers: Server[] = [];
const directory = mkdtempSync(join(tmpdir(), 'unusual-'));

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true });
});

async function serving(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const page = (status: number) =>
  createHttpServer((_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
  });

describe('an endpoint that is none of AWS is told in one sentence', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    [
      'a page with 200',
      async () => `http://127.0.0.1:${await serving(page(200))}`,
      /^Expected AWS to answer, and the answer, with the status 200, was none of AWS's: look at AWS_ENDPOINT_URL, /,
    ],
    [
      'a page with 502',
      async () => `http://127.0.0.1:${await serving(page(502))}`,
      /^Expected AWS to answer, and the answer, with the status 502, was none of AWS's: /,
    ],
    [
      'no HTTP',
      async () => `http://127.0.0.1:${await serving(createServer((socket) => socket.end('220 smtp ready\r\n')))}`,
      /^Expected AWS to answer.*, got HPE_\w+: look at AWS_ENDPOINT_URL, whether it is http or https/,
    ],
    [
      'https where http is spoken',
      async () => `https://127.0.0.1:${await serving(page(200))}`,
      /^Expected AWS to answer.*, got (EPROTO|ERR_SSL_\w+): look at AWS_ENDPOINT_URL, whether it is http or https/,
    ],
    ['no address', async () => 'garbage', /^Expected the address of an endpoint, such as \S+, got garbage: look at /],
    [
      'half an address',
      async () => 'http://',
      /^Expected the address of an endpoint, such as \S+, got http:\/\/: look/,
    ],
  ])('%s', async (_, endpoint, sentence) => {
    const { code, stdout, stderr } = await called(['runs'], {
      environment: { ...identity, AWS_ENDPOINT_URL: await endpoint() },
    });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

it('does not wait for ever for one that takes the connection and never answers', async () => {
  const port = await serving(createServer(() => {}));
  const client = new SFNClient({
    ...waiting({ attempts: 1, connection: 300, answer: 300 }),
    ...{ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const error = await client.send(new ListStateMachinesCommand()).catch((thrown: unknown) => thrown);
  expect(awsFailure(error)?.message).toMatch(/^Expected AWS to answer, got (ETIMEDOUT|TimeoutError): look at /);
  client.destroy();
  // A person waits for half a minute at most, and a page that asks anew for a few seconds.
  expect(USUAL_PATIENCE.attempts * USUAL_PATIENCE.answer).toBeLessThanOrEqual(30_000);
  expect(SHORT_PATIENCE.attempts * SHORT_PATIENCE.answer).toBeLessThanOrEqual(5000);
});

describe('where nothing can be written', () => {
  /** Exit code and stderr of the command, called through a shell. */
  const shell = (line: string) =>
    new Promise<readonly [number | null, string]>((resolve) => {
      const command = `${process.execPath} --import tsx cli/main.ts ${line}`;
      const child = spawn('sh', ['-c', command], { cwd: PROJECT, stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.once('close', (code) => resolve([code, stderr]));
    });

  it('says so in one sentence, and fails', async () => {
    expect(await shell('--help > /dev/full')).toEqual([
      1,
      'Expected to write the answer, got ENOSPC: look at where it goes.\n',
    ]);
  });

  it.each(['bogus 2> /dev/full', 'bogus 2>&-'])('ends as it would: %s', async (line) => {
    expect(await shell(line)).toEqual([2, '']);
  });

  it('refuses to keep a run in a file, or where no directory can be made', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(await called(['dev', '--keep', file])).toEqual({
      code: 2,
      stdout: '',
      stderr: `Expected --keep to be followed by a directory to write to, got ${file} (EEXIST): name another.\n`,
    });
    expect(await called(['dev', '--keep', join(file, 'below')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('(ENOTDIR): name another.'),
    });
  });
});
