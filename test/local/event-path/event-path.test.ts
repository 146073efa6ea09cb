import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { systemClock as clock, sleep } from '../../../functions/contract/clock';
import { type Engine, startEngine } from '../../../local/engine';
import type { InvocationRecord } from '../../../local/lambda/invocations';
import { rawMail } from '../ses/mail';
import { feedbackTemplate, SET } from './mail-feedback-app';

const PATIENCE_MILLISECONDS = 20_000;

let engine: Engine;
const records: InvocationRecord[] = [];

beforeAll(async () => {
  engine = await startEngine({
    template: feedbackTemplate(),
    port: 0,
    maxSendRate: 100,
    max24HourSend: -1,
    replaced: {},
    onInvocation: (record) => records.push(record),
  });
});
afterAll(() => engine.close());

interface Told {
  readonly 'detail-type': string;
  readonly detail: { readonly eventType: string; readonly mail: { readonly messageId: string } };
}

function delivered(messageId: string | undefined): Told[] {
  return records
    .filter(({ endedAt, functionName }) => endedAt !== undefined && functionName.includes('Handle'))
    .flatMap(({ event }) => (event as { Records: { body: string }[] }).Records)
    .map(({ body }) => JSON.parse(body) as Told)
    .filter(({ detail }) => detail.mail.messageId === messageId);
}

test('what becomes of a mail reaches the function: SES, EventBridge, SQS, Lambda', async () => {
  const ses = new SESClient(engine.client('ses'));
  const { MessageId } = await ses.send(
    new SendRawEmailCommand({
      RawMessage: { Data: rawMail() },
      Destinations: ['bounce@simulator.amazonses.com'],
      ConfigurationSetName: SET,
      Tags: [{ Name: 'run', Value: 'cnVu' }],
    }),
  );
  ses.destroy();
  const giveUpAt = clock.now() + PATIENCE_MILLISECONDS;
  while (delivered(MessageId).length < 2 && clock.now() < giveUpAt) await sleep(clock, 20);
  const told = delivered(MessageId);
  expect(told.map((event) => event['detail-type']).sort()).toEqual(['Email Bounced', 'Email Sent']);
  expect(told.find(({ detail }) => detail.eventType === 'Bounce')?.detail).toMatchObject({
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: 'bounce@simulator.amazonses.com' }],
    },
    mail: { tags: { run: ['cnVu'], 'ses:configuration-set': [SET] } },
  });
});
