import { SESClient, SendRawEmailCommand, type SendRawEmailCommandInput } from '@aws-sdk/client-ses';
import { type HttpServer, startHttpServer } from '../../../local/http/server';
import { Ses } from '../../../local/ses/ses';
import { clientOptions } from '../http/fake-service';
import { refused } from '../refusals';
import { SettableClock } from './mail';
import { ACCEPTANCES, REFUSALS } from './refusals';

let ses: Ses;
let server: HttpServer;
let client: SESClient;

beforeAll(async () => {
  let ids = 0;
  ses = new Ses({
    clock: new SettableClock(),
    randomId: () => `id-${++ids}`,
    verifiedIdentities: ['example.com'],
  });
  server = await startHttpServer({ port: 0, services: { ses } });
  client = new SESClient(clientOptions(server.url));
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

/** Through the real client and HTTP. Every row is about the one operation that sends. */
function call(input: Record<string, unknown>): Promise<unknown> {
  return client.send(new SendRawEmailCommand(input as unknown as SendRawEmailCommandInput));
}

test.each(REFUSALS.map((row) => [row.operation, row.sentence, row] as const))(
  '%s refuses %s',
  async (_, _sentence, row) => {
    await expect(call(row.input(undefined))).rejects.toMatchObject(refused(row));
    expect(ses.inbox.size).toBe(0);
  },
);

test.each(ACCEPTANCES.map((row) => [row.operation, row.sentence, row] as const))(
  '%s takes %s',
  async (_, _sentence, { input }) => {
    const mails = ses.inbox.size;
    await expect(call(input(undefined))).resolves.toMatchObject({ MessageId: expect.any(String) });
    expect(ses.inbox.size).toBe(mails + 1);
  },
);
