import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import { systemClock } from '../../../functions/contract/clock';
import { DynamoDB } from '../../../local/dynamodb/dynamodb-service';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { clientOptions, FakeService } from './fake-service';

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };
const START = { ...JSON_1_0, 'x-amz-target': 'AWSStepFunctions.StartExecution' };

let service: FakeService;
let server: HttpServer;
let errors: [unknown, string][];

beforeEach(async () => {
  service = new FakeService();
  errors = [];
  server = await startHttpServer({
    port: 0,
    services: { stepFunctions: service, lambda: service, dynamodb: new DynamoDB({ clock: systemClock }) },
    page: async (request, response) => {
      if (request.url !== '/') return false;
      response.end('the page');
      return true;
    },
    onError: (error, request) => errors.push([error, request]),
  });
});
afterEach(async () => {
  await server.close();
});

const post = (headers: Record<string, string>, body: string | Uint8Array = '{}', path = '/') =>
  fetch(server.url + path, { method: 'POST', headers, body: body as string });

async function refusal(response: Response) {
  const { __type, message } = (await response.json()) as { __type: string; message: string };
  return [response.status, __type, message];
}

/** Sends exactly these bytes and gives back all that is answered until the connection ends. */
async function raw(text: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.end(text);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}

describe('routes', () => {
  test('DynamoDB requests reach the tables, and errors the SDK', async () => {
    const client = new DynamoDBClient(clientOptions(server.url));
    const TableName = 'ledger';
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName });
    const Item = { pk: { S: 'é' }, n: { N: '1' } };
    await client.send(new PutItemCommand({ TableName, Item }));
    expect((await client.send(new GetItemCommand({ TableName, Key: { pk: Item.pk } }))).Item).toEqual(Item);
    await expect(
      client.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' })),
    ).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    client.destroy();
  });

  test('the page gets what no service claims', async () => {
    expect(await (await fetch(server.url)).text()).toBe('the page');
  });

  test('an address that nobody knows is a 404 that says what was asked', async () => {
    const [status, type, message] = await refusal(await fetch(`${server.url}/nowhere`));
    expect([status, type]).toEqual([404, 'UnknownOperationException']);
    expect(message).toContain('got GET /nowhere');
  });

  test('another service’s target is refused by name', async () => {
    const response = await post({ ...JSON_1_0, 'x-amz-target': 'AmazonSNS.Publish' });
    expect(await refusal(response)).toEqual([
      400,
      'UnknownOperationException',
      "Expected X-Amz-Target to name AWSStepFunctions, AmazonSQS or DynamoDB_20120810, got 'AmazonSNS.Publish'; other services are not embedded here.",
    ]);
  });

  test('a service that the server was started without is refused by name, in that service’s own protocol', async () => {
    const client = new SESClient(clientOptions(server.url));
    await expect(client.send(new GetSendQuotaCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'This server was started without SES.',
    });
    client.destroy();
  });
});

describe('bodies', () => {
  test.each([
    ['{', /^Expected the body to be JSON: /],
    ['[]', /^Expected the body to be a JSON object, got an array\.$/],
    ['null', /^Expected the body to be a JSON object, got null\.$/],
    ['"x"', /^Expected the body to be a JSON object, got x\.$/],
  ])('%s is a SerializationException', async (body, message) => {
    const [status, type, text] = await refusal(await post(START, body));
    expect([status, type]).toEqual([400, 'SerializationException']);
    expect(text).toMatch(message);
    expect(service.calls).toEqual([]);
  });

  test('no body at all is an empty input', async () => {
    expect((await post(START, '')).status).toBe(200);
    expect(service.calls).toEqual([{ operation: 'StartExecution', input: {} }]);
  });

  test('a body above the limit is refused, and the connection serves on', async () => {
    const [status, type, message] = await refusal(await post(START, Buffer.alloc(1024 * 1024 + 1, ' ')));
    expect([status, type]).toEqual([413, 'RequestEntityTooLarge']);
    expect(message).toBe('Expected a body of at most 1048576 bytes, got more.');
    expect((await post(START)).status).toBe(200);
  });
});

describe('the server lives on', () => {
  afterEach(async () => {
    expect((await post(START)).status).toBe(200);
  });

  test('when a service throws something unexpected: InternalFailure, and onError is told', async () => {
    const failure = new TypeError('undefined is not a function');
    service.on('StopExecution', failure);
    const response = await post({ ...START, 'x-amz-target': 'AWSStepFunctions.StopExecution' });
    expect(await refusal(response)).toEqual([500, 'InternalFailure', 'undefined is not a function']);
    expect(errors).toEqual([[failure, 'POST /']]);
  });

  test('when a service answers what cannot be written as JSON', async () => {
    service.on('StopExecution', { big: 1n });
    const response = await post({ ...START, 'x-amz-target': 'AWSStepFunctions.StopExecution' });
    expect((await refusal(response)).slice(0, 2)).toEqual([500, 'InternalFailure']);
  });

  test('when a client goes away while its request is served', async () => {
    let answer: (output: Record<string, unknown>) => void = () => {};
    const asked = new Promise<void>((resolve) => {
      service.on('StopExecution', () => {
        resolve();
        return new Promise((settle) => {
          answer = settle;
        });
      });
    });
    const request = httpRequest(server.url, {
      method: 'POST',
      headers: { ...START, 'x-amz-target': 'AWSStepFunctions.StopExecution' },
    });
    const closed = new Promise((resolve) => {
      request.on('error', resolve);
    });
    request.end('{}');
    await asked;
    request.destroy();
    await closed;
    answer({ stopDate: new Date(0) });
    expect((await post(START)).status).toBe(200);
    expect(errors).toEqual([]);
  });

  test.each([
    ['Step Functions', 'AWSStepFunctions.StartExecution'],
    ['DynamoDB', 'DynamoDB_20120810.PutItem'],
  ])('when a client goes away in the middle of its body, to %s', async (_, target) => {
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ${target}\r\nContent-Length: 100\r\n\r\n{"a":`;
    await raw(head);
    expect([errors, service.calls]).toEqual([[], []]);
  });

  test.each(['DynamoDB_20120810.PutItem', 'DynamoDB_20120810.Nonsense', 'DynamoDB_20120810.'])(
    'when DynamoDB gets nonsense: %s',
    async (target) => {
      for (const body of ['', 'x', '[]', 'null', '{"TableName":7}', '{"Item":{"a":{"N":{}}}}']) {
        const response = await post({ ...JSON_1_0, 'x-amz-target': target, authorization: 'AWS4-x' }, body);
        expect(response.status).toBeGreaterThanOrEqual(400);
      }
    },
  );

  test.each([
    'GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'PUT /2017-10-31/functions/%E0%A4%A/concurrency HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'POST /2015-03-31/functions/a/invocations/b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'nonsense\r\n\r\n',
  ])('when it gets %j', async (text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 (400|404|501) /);
  });
});

describe('strangers', () => {
  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost'])(
    'a web page from %s is refused',
    async (origin) => {
      const [status, type] = await refusal(await post({ ...START, origin }));
      expect([status, type]).toEqual([403, 'AccessDeniedException']);
      expect(service.calls).toEqual([]);
    },
  );

  test('the server’s own page is served', async () => {
    expect((await post({ ...START, origin: server.url })).status).toBe(200);
  });

  test('a domain that points at 127.0.0.1 is refused', async () => {
    const answer = await raw('GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain("got one to 'evil.example'");
  });
});

test('a port that is taken is an error of the start', async () => {
  await expect(startHttpServer({ port: server.port, services: {} })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
