import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import type { ObjectUpload } from '../../../local/s3/object-upload';
import { S3 } from '../../../local/s3/s3-service';
import { SIGNED } from './cases/case';
import { ALL_KEYS } from './cases/objects';

const Bucket = 'exports';
const clock = { now: () => 1_764_000_123_456 };

let keep: string;
let s3: S3;

beforeEach(() => {
  keep = mkdtempSync(join(tmpdir(), 'worker-chains-kept-objects-'));
  s3 = new S3({ clock, keep });
  s3.createBucket(Bucket);
});
afterEach(() => {
  s3.close();
  rmSync(keep, { recursive: true, force: true });
});

function upload(bytes: string | AsyncIterable<Uint8Array>, size?: number): ObjectUpload {
  const text = typeof bytes === 'string' ? bytes : '';
  return {
    bytes: typeof bytes === 'string' ? new PassThrough().end(bytes) : bytes,
    size: size ?? Buffer.byteLength(text),
    stated: {},
    headers: { 'content-type': 'text/csv', 'x-amz-meta-origin': 'crm' },
  };
}

const put = (Key: string, bytes: string) => s3.putObject({ Bucket, Key }, upload(bytes));

async function textOf(body: Readable): Promise<string> {
  return Buffer.concat(await body.toArray()).toString();
}

const get = (Key: string) => textOf(s3.getObject({ Bucket, Key }).body);
const files = () => readdirSync(join(keep, 'objects', Bucket));

function reopen(): void {
  s3.close();
  s3 = new S3({ clock, keep });
}

describe('objects in a directory that is kept', () => {
  it('are there when it is opened again, with all that is known of them', async () => {
    for (const key of ALL_KEYS) await put(key, `bytes of ${key}`);
    await put('empty', '');
    const before = s3.listObjectsV2(Bucket, { Prefix: '', Delimiter: '', MaxKeys: 1000 }).contents;
    expect(before).toHaveLength(ALL_KEYS.length + 1);
    expect(before[0]).toMatchObject({ lastModified: 1_764_000_123_000, headers: { 'x-amz-meta-origin': 'crm' } });
    reopen();
    expect(s3.listObjectsV2(Bucket, { Prefix: '', Delimiter: '', MaxKeys: 1000 }).contents).toEqual(before);
    for (const key of ALL_KEYS) expect(await get(key)).toBe(`bytes of ${key}`);
    expect(await get('empty')).toBe('');
  });

  it('are files of its own folder, whatever their keys', async () => {
    for (const key of ALL_KEYS) await put(key, key);
    const paths = readdirSync(keep, { recursive: true, encoding: 'utf8' }).sort();
    expect(paths.slice(0, 3)).toEqual(['objects', 'objects.lock', `objects/${Bucket}`]);
    expect(paths).toHaveLength(3 + ALL_KEYS.length);
    for (const path of paths.slice(3)) expect(path).toMatch(/^objects\/exports\/[0-9a-f]{64}$/);
  });

  it('are one file each, however often they are put', async () => {
    for (const body of ['first', 'second', 'third']) await put('a', body);
    expect(files()).toHaveLength(1);
    reopen();
    expect(await get('a')).toBe('third');
  });

  it('do not have what a process left behind that died while it wrote', async () => {
    await put('a', 'whole');
    writeFileSync(join(keep, 'objects', Bucket, 'left-behind.part'), 'half an obj');
    reopen();
    expect(files()).toHaveLength(1);
    expect(await get('a')).toBe('whole');
  });

  it('are refused with one sentence where a file was cut anywhere', async () => {
    await put('a', 'some bytes');
    const [path = ''] = files().map((name) => join(keep, 'objects', Bucket, name));
    const whole = readFileSync(path);
    s3.close();
    for (let length = 0; length < whole.length; length++) {
      truncateSync(path, length);
      expect(() => new S3({ clock, keep })).toThrow(
        `Expected ${path} to be an object as it was written, got other bytes: remove the file, or the directory.`,
      );
      writeFileSync(path, whole);
    }
    s3 = new S3({ clock, keep });
    expect(await get('a')).toBe('some bytes');
  });

  it('are refused where bytes of one are missing or too many', async () => {
    await put('a', 'some bytes');
    const [path = ''] = files().map((name) => join(keep, 'objects', Bucket, name));
    const whole = readFileSync(path);
    s3.close();
    for (const changed of [whole.subarray(1), Buffer.concat([whole.subarray(0, 3), whole]), Buffer.alloc(0)]) {
      writeFileSync(path, changed);
      expect(() => new S3({ clock, keep })).toThrow('to be an object as it was written');
    }
    writeFileSync(path, whole);
    s3 = new S3({ clock, keep });
  });

  it('are refused where a byte of what is known of one is another', async () => {
    await put('a', 'some bytes');
    const [path = ''] = files().map((name) => join(keep, 'objects', Bucket, name));
    const whole = readFileSync(path);
    s3.close();
    for (let index = 'some bytes'.length; index < whole.length; index++) {
      const changed = Buffer.from(whole);
      changed[index]! ^= 1;
      writeFileSync(path, changed);
      expect(() => new S3({ clock, keep })).toThrow('to be an object as it was written');
    }
    writeFileSync(path, whole);
    s3 = new S3({ clock, keep });
  });

  it('are one process’s at a time', () => {
    expect(() => new S3({ clock, keep })).toThrow(
      `Expected ${keep} to be free, got process ${process.pid}, which keeps its objects there: end it, or name another directory.`,
    );
    reopen();
  });
});

describe('objects that are not kept', () => {
  const directories = () => readdirSync(tmpdir()).filter((name) => name.startsWith('worker-chains-objects-'));

  it('are in a temporary directory, which goes with the service, and is not made without a bucket', async () => {
    const before = directories();
    const unused = new S3({ clock });
    expect(directories()).toEqual(before);
    unused.createBucket(Bucket);
    await unused.putObject({ Bucket, Key: 'a' }, upload('a'));
    const [made = '', ...others] = directories().filter((name) => !before.includes(name));
    expect(others).toEqual([]);
    unused.close();
    expect(existsSync(join(tmpdir(), made))).toBe(false);
  });
});

describe('an object that is being put', () => {
  let server: HttpServer;
  const errors: unknown[] = [];
  beforeEach(async () => {
    server = await startHttpServer({ port: 0, services: { s3 }, onError: (error) => errors.push(error) });
  });
  afterEach(async () => {
    await server.close();
    expect(errors).toEqual([]);
  });

  const head = (length: number) =>
    [
      `PUT /${Bucket}/a HTTP/1.1`,
      'Host: 127.0.0.1',
      ...Object.entries(SIGNED).map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${length}`,
      '',
      '',
    ].join('\r\n');
  const parts = () => files().filter((name) => name.endsWith('.part'));

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  }

  it('is not there before all of it has come, and not at all where its client goes', async () => {
    await put('a', 'old');
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${head(1000)}half`);
    await until(() => parts().some((name) => statSync(join(keep, 'objects', Bucket, name)).size === 4));
    expect(await get('a')).toBe('old');
    socket.destroy();
    await until(() => parts().length === 0);
    expect(await get('a')).toBe('old');
    expect(files()).toHaveLength(1);
  });

  it('is there once its last byte has come', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${head(9)}half`);
    await until(() => parts().length === 1);
    expect(() => s3.headObject({ Bucket, Key: 'a' })).toThrow('The specified key does not exist.');
    socket.write(' and ');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
    expect(await get('a')).toBe('half and ');
  });

  it('leaves to a reader the bytes that were there when it began', async () => {
    await put('a', 'old bytes');
    const reading = s3.getObject({ Bucket, Key: 'a' });
    await put('a', 'new, and more of them');
    expect(await textOf(reading.body)).toBe('old bytes');
    expect(await get('a')).toBe('new, and more of them');
  });

  it('leaves to a reader its file, even if it has not begun to read', async () => {
    await put('a', 'old bytes');
    const [path = ''] = files().map((name) => join(keep, 'objects', Bucket, name));
    const readings = Array.from({ length: 40 }, () => s3.getObject({ Bucket, Key: 'a' }).body);
    rmSync(path);
    for (const body of readings) expect(await textOf(body)).toBe('old bytes');
  });

  it('is the one of two whose last byte came last', async () => {
    const [slow, fast] = [new PassThrough(), new PassThrough()];
    const first = s3.putObject({ Bucket, Key: 'a' }, upload(slow, 4));
    const second = s3.putObject({ Bucket, Key: 'a' }, upload(fast, 4));
    slow.write('sl');
    fast.end('fast');
    await second;
    expect(await get('a')).toBe('fast');
    slow.end('ow');
    await first;
    expect(await get('a')).toBe('slow');
    expect(parts()).toEqual([]);
  });
});
