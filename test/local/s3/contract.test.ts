import type { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../../functions/contract/clock';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { S3 } from '../../../local/s3/s3-service';
import { CASES } from './cases/all';
import { clientFor, judge } from './cases/judge';

let service: S3;
let server: HttpServer;
let client: S3Client;
const errors: unknown[] = [];

beforeAll(async () => {
  service = new S3({ clock: systemClock });
  server = await startHttpServer({ port: 0, services: { s3: service }, onError: (error) => errors.push(error) });
  client = clientFor(server.url);
});
afterAll(async () => {
  client.destroy();
  await server.close();
  service.close();
});

test.each(CASES.map((each) => [each.sentence, each] as const))('%s', async (_, each) => {
  await judge(each, server.url, client);
  expect(errors).toEqual([]);
});
