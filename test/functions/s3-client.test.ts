import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { renewConnections, s3 } from '../../functions/clients';

test('the S3 client names the bucket in the path of an endpoint of its own, and sends what S3 expects of a reader only', async () => {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(206, { 'content-length': 4 });
    response.end(request.method === 'HEAD' ? undefined : 'text');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  });
  try {
    const object = { Bucket: 'exports', Key: 'a b/users.csv', IfMatch: '"tag"' };
    await s3().send(new HeadObjectCommand(object));
    const { Body } = await s3().send(new GetObjectCommand({ ...object, Range: 'bytes=0-3' }));

    expect(await Body?.transformToString()).toBe('text');
    expect(requests.map(({ method, url }) => `${method} ${url?.split('?')[0]}`)).toEqual([
      'HEAD /exports/a%20b/users.csv',
      'GET /exports/a%20b/users.csv',
    ]);
    for (const { headers } of requests) {
      expect(headers['if-match']).toBe('"tag"');
      expect(Object.keys(headers).filter((name) => name.startsWith('x-amz-checksum'))).toEqual([]);
    }
  } finally {
    renewConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
