import {
  GetIdentityVerificationAttributesCommand,
  ListIdentitiesCommand,
  SESClient,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { Ses } from '../../../local/ses/ses-service';
import { clientOptions } from '../http/fake-service';
import { callerOf, refused } from '../refusals';
import { SettableClock } from './mail';
import { ACCEPTANCES, REFUSALS } from './refusals';

const COMMANDS = {
  GetIdentityVerificationAttributes: GetIdentityVerificationAttributesCommand,
  ListIdentities: ListIdentitiesCommand,
  SendRawEmail: SendRawEmailCommand,
};

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

const call = callerOf(() => client, COMMANDS);

test.each(REFUSALS.map((row) => [row.operation, row.sentence, row] as const))(
  '%s refuses %s',
  async (operation, _, row) => {
    await expect(call(operation, row.input(undefined))).rejects.toMatchObject(refused(row));
    expect(ses.inbox.size).toBe(0);
  },
);

test.each(ACCEPTANCES.map((row) => [row.operation, row.sentence, row] as const))(
  '%s takes %s',
  async (operation, _, { input }) => {
    const mails = ses.inbox.size;
    await expect(call(operation, input(undefined))).resolves.toMatchObject({ MessageId: expect.any(String) });
    expect(ses.inbox.size).toBe(mails + 1);
  },
);
