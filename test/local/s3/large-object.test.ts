import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { clientFor } from './cases/judge';

const Bucket = 'large';
const Key = '200-mb';
const PIECE = Buffer.alloc(1_000_000, 'a line of an export\n');
const PIECES = 200;
const SIZE = PIECE.length * PIECES;
/** Buffers on their way through, code that is compiled meanwhile, and what a collector leaves lying. */
const MOST_GROWTH_MB = 120;

/** The embedded S3 in a process of its own, so that its memory is its alone. It says its address, and asked, its memory. */
const SERVE = `
  const { startHttpServer } = require('./local/http/aws-server.ts');
  const { S3 } = require('./local/s3/s3-service.ts');
  const s3 = new S3({ clock: { now: () => 0 } });
  startHttpServer({ port: 0, services: { s3 } }).then(({ url }) => process.send(url));
  process.on('message', () => process.send(process.resourceUsage().maxRSS));
  process.on('disconnect', () => process.exit());
`;

let serving: ChildProcess;
let endpoint: string;

beforeAll(async () => {
  const cwd = join(__dirname, '../../..');
  serving = spawn(process.execPath, ['--import', 'tsx', '--eval', SERVE], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  [endpoint] = (await once(serving, 'message')) as [string];
});
afterAll(async () => {
  const ended = once(serving, 'exit');
  serving.disconnect();
  await ended;
});

/** The most that the process ever had in memory, in MB. */
async function peakMegabytes(): Promise<number> {
  serving.send('memory');
  const [kilobytes] = (await once(serving, 'message')) as [number];
  return kilobytes / 1024;
}

test('an object of 200 MB goes in and out in constant memory, whole and in part', async () => {
  const s3 = clientFor(endpoint);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'small', Body: PIECE }));
  const before = await peakMegabytes();

  const hash = createHash('md5');
  const Body = Readable.from(
    (function* () {
      for (let piece = 0; piece < PIECES; piece++) {
        hash.update(PIECE);
        yield PIECE;
      }
    })(),
  );
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: SIZE }));
  expect(ETag).toBe(`"${hash.digest('hex')}"`);

  const whole = createHash('md5');
  let length = 0;
  for await (const piece of (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body as Readable) {
    whole.update(piece);
    length += piece.length;
  }
  expect([length, `"${whole.digest('hex')}"`]).toEqual([SIZE, ETag]);

  const Range = `bytes=${SIZE - 100_000_000}-`;
  const part = await s3.send(new GetObjectCommand({ Bucket, Key, Range, IfMatch: ETag }));
  let partLength = 0;
  for await (const piece of part.Body as Readable) partLength += piece.length;
  expect(partLength).toBe(100_000_000);

  expect((await peakMegabytes()) - before).toBeLessThan(MOST_GROWTH_MB);
  s3.destroy();
});
