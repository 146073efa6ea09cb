import { once } from 'node:events';
import { connect } from 'node:net';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { systemClock } from '../../../functions/contract/clock';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { S3 } from '../../../local/s3/s3-service';
import { element, SIGNED, send } from '../s3/cases/case';
import { clientFor } from '../s3/cases/judge';

const Bucket = 'exports';
const Key = 'users.csv';

let service: S3;
let server: HttpServer;
let s3: S3Client;
let errors: [error: unknown, request: string][];

beforeEach(async () => {
  errors = [];
  service = new S3({ clock: systemClock });
  server = await startHttpServer({
    port: 0,
    services: { s3: service },
    page: async (request, response) => {
      if (request.url !== '/static/page.css') return false;
      response.end('the page');
      return true;
    },
    onError: (...error) => errors.push(error),
  });
  s3 = clientFor(server.url);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'id\n1\n' }));
});
afterEach(async () => {
  s3.destroy();
  await server.close();
  service.close();
});

/** Sends a command and gives the name and the sentence of its refusal. */
async function refusal(command: Parameters<S3Client['send']>[0]): Promise<readonly [string, string]> {
  try {
    await s3.send(command);
  } catch (error) {
    return [(error as Error).name, (error as Error).message];
  }
  return ['accepted', ''];
}

describe('what is not implemented is refused by name', () => {
  const Part = { Bucket, Key, UploadId: 'x', PartNumber: 1 };
  const RETAIN = new Date(Date.UTC(2030, 0));

  test.each([
    ['ListBuckets', new ListBucketsCommand({})],
    ['ListObjects', new ListObjectsCommand({ Bucket })],
    ['DeleteBucket', new DeleteBucketCommand({ Bucket })],
    ['DeleteObject', new DeleteObjectCommand({ Bucket, Key })],
    ['DeleteObjects', new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } })],
    ['CopyObject', new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}` })],
    ['CreateMultipartUpload', new CreateMultipartUploadCommand({ Bucket, Key })],
    ['UploadPart', new UploadPartCommand({ ...Part, Body: 'a' })],
    ['AbortMultipartUpload', new AbortMultipartUploadCommand(Part)],
    ['versions', new ListObjectVersionsCommand({ Bucket })],
    ['versioning', new GetBucketVersioningCommand({ Bucket })],
    ['acl', new GetObjectAclCommand({ Bucket, Key })],
    ['acl', new PutObjectAclCommand({ Bucket, Key, ACL: 'private' })],
    ['tagging', new GetObjectTaggingCommand({ Bucket, Key })],
    ['versionId', new GetObjectCommand({ Bucket, Key, VersionId: '1' })],
    ['partNumber', new GetObjectCommand({ Bucket, Key, PartNumber: 1 })],
    ['response-content-type', new GetObjectCommand({ Bucket, Key, ResponseContentType: 'text/plain' })],
    ['if-none-match', new GetObjectCommand({ Bucket, Key, IfNoneMatch: '"a"' })],
    ['if-modified-since', new GetObjectCommand({ Bucket, Key, IfModifiedSince: new Date(0) })],
    ['if-unmodified-since', new GetObjectCommand({ Bucket, Key, IfUnmodifiedSince: new Date(0) })],
    ['x-amz-expected-bucket-owner', new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: '1' })],
    ['x-amz-request-payer', new GetObjectCommand({ Bucket, Key, RequestPayer: 'requester' })],
    ['several ranges', new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-1,3-4' })],
    ['if-none-match', new PutObjectCommand({ Bucket, Key, Body: 'a', IfNoneMatch: '*' })],
    ['if-match', new PutObjectCommand({ Bucket, Key, Body: 'a', IfMatch: '"a"' })],
    ['x-amz-acl', new PutObjectCommand({ Bucket, Key, Body: 'a', ACL: 'public-read' })],
    ['x-amz-tagging', new PutObjectCommand({ Bucket, Key, Body: 'a', Tagging: 'a=b' })],
    ['x-amz-storage-class', new PutObjectCommand({ Bucket, Key, Body: 'a', StorageClass: 'GLACIER' })],
    ['x-amz-server-side-encryption', new PutObjectCommand({ Bucket, Key, Body: 'a', ServerSideEncryption: 'AES256' })],
    ['x-amz-object-lock-', new PutObjectCommand({ Bucket, Key, Body: 'a', ObjectLockRetainUntilDate: RETAIN })],
    ['x-amz-website-redirect-location', new PutObjectCommand({ Bucket, Key, Body: 'a', WebsiteRedirectLocation: '/' })],
    ['x-amz-write-offset-bytes', new PutObjectCommand({ Bucket, Key, Body: 'a', WriteOffsetBytes: 5 })],
    ['fetch-owner', new ListObjectsV2Command({ Bucket, FetchOwner: true })],
    [
      'x-amz-optional-object-attributes',
      new ListObjectsV2Command({ Bucket, OptionalObjectAttributes: ['RestoreStatus'] }),
    ],
    ['x-amz-acl', new CreateBucketCommand({ Bucket: 'other', ACL: 'private' })],
    [
      'CreateBucketConfiguration',
      new CreateBucketCommand({ Bucket: 'other', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    ],
  ])('%s', async (name, command) => {
    const [code, message] = await refusal(command as Parameters<S3Client['send']>[0]);
    expect(code).toBe('NotImplemented');
    expect(message).toMatch(/^The embedded S3 does not implement [^\n]+: leave it out\.$/);
    expect(message).toContain(name);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe('id\n1\n');
  });

  test('HeadBucket, which can have no sentence, by its status', async () => {
    await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 501 },
    });
  });

  test.each([
    ['a checksum by an algorithm of which S3 has more', 'PUT', 'x-amz-checksum-xxhash64', 'AAAAAAAAAAA='],
    ['a trailer that is no checksum', 'PUT', 'x-amz-trailer', 'x-amz-signature'],
    ['a copy', 'PUT', 'x-amz-copy-source', 'exports/users.csv'],
    ['a part of an upload', 'PUT', 'content-range', 'bytes 0-1/2'],
    ['a range to be written', 'PUT', 'range', 'bytes=0-1'],
    ['a range if something is unchanged', 'GET', 'if-range', '"a"'],
    ['another mode of checksums', 'GET', 'x-amz-checksum-mode', 'DISABLED'],
    ['metadata of a question', 'GET', 'x-amz-meta-a', 'b'],
  ])('a header: %s', async (_, method, name, value) => {
    const answer = await send(server.url, method, `/${Bucket}/${Key}`, { [name]: value });
    expect([answer.status, element(answer, 'Code'), element(answer, 'Header')]).toEqual([501, 'NotImplemented', name]);
  });

  test.each(['X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=local%2F20261125%2Fus-east-1%2Fs3%2Faws4_request'])(
    'an address that is signed itself: %s',
    async (query) => {
      const response = await fetch(`${server.url}/${Bucket}/${Key}?${query}`);
      expect(response.status).toBe(501);
      expect(await response.text()).toContain('the query parameter X-Amz-Algorithm of GetObject');
    },
  );
});

describe('an address', () => {
  test.each([
    ['a plus sign that may be a space', `/${Bucket}/a+b`],
    ['half an escape', `/${Bucket}/a%2`],
    ['bytes that are no UTF-8', `/${Bucket}/%ff`],
    ['another server', `http://127.0.0.1/${Bucket}/a`],
  ])('with %s is refused', async (_, path) => {
    const answer = await send(server.url, 'GET', path);
    expect([answer.status, element(answer, 'Code')]).toEqual([400, 'InvalidURI']);
  });

  test('with a slash after the bucket is that of the bucket', async () => {
    const answer = await send(server.url, 'GET', `/${Bucket}/?list-type=2`);
    expect(element(answer, 'Key')).toBe(Key);
  });

  test('with two slashes at its beginning names no bucket', async () => {
    expect((await send(server.url, 'GET', `//${Bucket}/a`)).status).toBe(501);
  });
});

describe('a bucket', () => {
  test('may be created again, and keeps its objects', async () => {
    await s3.send(new CreateBucketCommand({ Bucket }));
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(5);
  });

  test.each(['ab', 'Upper', 'under_score', '-first', 'last-', 'a..b', '127.0.0.1', '..', '.', 'a'.repeat(64)])(
    'cannot be called %s',
    async (name) => {
      const answer = await send(server.url, 'PUT', `/${name}`);
      expect([answer.status, element(answer, 'Code')]).toEqual([400, 'InvalidBucketName']);
      expect(element(answer, 'BucketName')).toBe(name);
    },
  );

  test.each(['a-b', 'a.b.c', '123', '2015-03-31', 'static', 'a'.repeat(63)])('may be called %s', async (name) => {
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await s3.send(new PutObjectCommand({ Bucket: name, Key: 'page.css', Body: name }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: 'page.css' }));
    expect(await Body?.transformToString()).toBe(name);
  });
});

describe('the port that S3 shares', () => {
  test('has the page where a request is not signed for S3', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'static' }));
    await s3.send(new PutObjectCommand({ Bucket: 'static', Key: 'page.css', Body: 'an object' }));
    expect(await (await fetch(`${server.url}/static/page.css`)).text()).toBe('the page');
    expect((await send(server.url, 'GET', '/static/page.css')).body.toString()).toBe('an object');
    expect((await fetch(`${server.url}/${Bucket}/${Key}`)).status).toBe(404);
  });

  test('is closed to other hosts and web pages, for which the refusal is XML', async () => {
    for (const headers of [{ host: 'exports.localhost' }, { origin: 'http://example.com' }]) {
      const answer = await send(server.url, 'GET', `/${Bucket}/${Key}`, headers);
      expect([answer.status, element(answer, 'Code')]).toEqual([403, 'AccessDeniedException']);
    }
  });

  test('says in XML that it was started without S3', async () => {
    const other = await startHttpServer({ port: 0, services: {} });
    const answer = await send(other.url, 'GET', `/${Bucket}/${Key}`);
    expect([answer.status, element(answer, 'Message')]).toEqual([501, 'This server was started without S3.']);
    await other.close();
  });
});

describe('a fault', () => {
  test('of this server is a 500 in XML, and reported', async () => {
    jest.spyOn(service, 'getObject').mockImplementation(() => {
      throw new Error('the disk is gone');
    });
    const answer = await send(server.url, 'GET', `/${Bucket}/${Key}`);
    expect([answer.status, element(answer, 'Code')]).toEqual([500, 'InternalFailure']);
    expect(errors.map(([error, request]) => [(error as Error).message, request])).toEqual([
      ['the disk is gone', `GET /${Bucket}/${Key}`],
    ]);
  });

  test('is none where a client goes in the middle of an object', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: Buffer.alloc(8 * 1024 * 1024) }));
    const read = jest.spyOn(service, 'getObject');
    const socket = connect(server.port, '127.0.0.1');
    const signature = Object.entries(SIGNED).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /${Bucket}/large HTTP/1.1\r\nHost: 127.0.0.1\r\n${signature.join('')}\r\n`);
    await once(socket, 'data');
    const { body } = read.mock.results[0]!.value as ReturnType<S3['getObject']>;
    const closed = once(body, 'close').catch(() => {});
    socket.destroy();
    await closed;
    // The file is closed with its reader.
    expect(body.closed).toBe(true);
    expect((await send(server.url, 'HEAD', `/${Bucket}/${Key}`)).status).toBe(200);
    expect(errors).toEqual([]);
  });

  test('of this server in the middle of a body is answered, too', async () => {
    jest.spyOn(service, 'putObject').mockImplementation(async (_, { bytes }) => {
      for await (const piece of bytes) throw new Error(`the disk is full after ${piece.length > 0}`);
      throw new Error('there was no body');
    });
    const answer = await send(server.url, 'PUT', `/${Bucket}/a`, {}, Buffer.alloc(4_000_000));
    expect([answer.status, element(answer, 'Message')]).toEqual([500, 'the disk is full after true']);
    expect(errors).toHaveLength(1);
  });

  test('of a client that reads no answer before it has sent all is answered: the rest of its body is dropped', async () => {
    const socket = connect(server.port, '127.0.0.1').pause();
    const headers = {
      ...SIGNED,
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '4',
      // More than two sockets hold.
      'content-length': '32000009',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`PUT /${Bucket}/a HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('')}\r\nno size\r\n`);
    await new Promise((sent) => socket.write(Buffer.alloc(32_000_000), sent));
    socket.resume();
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 .*<Code>InvalidRequest<\/Code>/s);
    socket.destroy();
    expect(errors).toEqual([]);
  });

  test('of a client is answered while it is still sending', async () => {
    const body = Buffer.alloc(4 * 1024 * 1024);
    const answer = await send(server.url, 'PUT', '/nobody-made-this/a', {}, body);
    expect([answer.status, element(answer, 'Code')]).toEqual([404, 'NoSuchBucket']);
  });
});
