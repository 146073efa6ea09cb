import { EventPublisher, type EventPublisherOptions } from '../../../local/ses/event-publisher';
import type { SesEvent } from '../../../local/ses/mail-event';
import { Fates } from '../../../local/ses/mail-fate';
import { Ses } from '../../../local/ses/ses-service';
import { VirtualClock } from '../../support/virtual-clock';
import { rawMail } from './mail';

const EVERYTHING = ['Send', 'Reject', 'Bounce', 'Complaint', 'Delivery', 'DeliveryDelay'] as const;

function bench(changes: Partial<EventPublisherOptions> = {}) {
  const clock = new VirtualClock();
  const told: SesEvent[] = [];
  let ids = 0;
  const randomId = () => `id-${++ids}`;
  const events = new EventPublisher({
    clock,
    region: 'us-east-1',
    accountId: '123456789012',
    configurationSets: [
      { name: 'mails', sendingEnabled: true, destinations: [EVERYTHING] },
      { name: 'quiet', sendingEnabled: true, destinations: [] },
      { name: 'paused', sendingEnabled: false, destinations: [] },
      { name: 'bounces', sendingEnabled: true, suppressedReasons: ['BOUNCE'], destinations: [['Bounce', 'Complaint']] },
    ],
    randomId,
    publish: (event) => told.push(event),
    ...changes,
  });
  const ses = new Ses({ clock, randomId, events });
  const send = async (to: string, more: Record<string, unknown> = {}, raw: Buffer = rawMail()) => {
    told.length = 0;
    await ses.handle('SendRawEmail', {
      RawMessage: { Data: raw },
      Destinations: [to],
      ConfigurationSetName: 'mails',
      ...more,
    });
    await clock.advance(0);
    return told.map(({ eventType }) => eventType);
  };
  return { clock, told, send, events };
}

test.each<[string, readonly string[]]>([
  ['success@simulator.amazonses.com', ['Send', 'Delivery']],
  ['bounce@simulator.amazonses.com', ['Send', 'Bounce']],
  ['bounce+label1@simulator.amazonses.com', ['Send', 'Bounce']],
  ['ooto@simulator.amazonses.com', ['Send', 'Delivery']],
  ['Complaint@Simulator.amazonses.com', ['Send', 'Delivery', 'Complaint']],
  ['suppressionlist@simulator.amazonses.com', ['Send', 'Bounce']],
  ['bounce@example.org', ['Send', 'Delivery']],
])('a mail to %s gives %p', async (address, types) => {
  expect(await bench().send(address)).toEqual(types);
});

test('the simulator’s suppressed address bounces as one of the global list, and no simulator address is suppressed afterwards', async () => {
  const { send, told } = bench();
  await send('suppressionlist@simulator.amazonses.com');
  expect(told[1]).toMatchObject({ bounce: { bounceType: 'Permanent', bounceSubType: 'Suppressed' } });
  await send('bounce@simulator.amazonses.com');
  await send('bounce@simulator.amazonses.com');
  expect(told[1]).toMatchObject({ bounce: { bounceSubType: 'General' } });
});

test('an address that bounced for good is accepted and bounces from then on, whatever its case', async () => {
  const { send, told } = bench({ fates: { bounces: 1 } });
  await send('user@example.org');
  expect(told[1]).toMatchObject({ bounce: { bounceSubType: 'General' } });
  expect(await send('User@Example.org')).toEqual(['Send', 'Bounce']);
  expect(told[1]).toMatchObject({ bounce: { bounceSubType: 'OnAccountSuppressionList' } });
});

test('an address that complained is not mailed again, unless the configuration set suppresses bounces only', async () => {
  const { send, told } = bench({ fates: { complaints: 1 } });
  expect(await send('user@example.org')).toEqual(['Send', 'Delivery', 'Complaint']);
  expect(await send('user@example.org')).toEqual(['Send', 'Complaint']);
  expect(told[1]).toMatchObject({ complaint: { complaintSubType: 'OnAccountSuppressionList' } });
  await send('user@example.org', { ConfigurationSetName: 'bounces' });
  expect(told).toMatchObject([{ complaint: { complaintSubType: null } }]);
});

test('an event tells of the mail: its tags, SES’s own among them, its headers and its recipients', async () => {
  const { send, told, clock } = bench();
  await send('user@example.org', { Tags: [{ Name: 'run', Value: 'cnVu' }] });
  expect(told[0]).toEqual({
    eventType: 'Send',
    send: {},
    mail: expect.objectContaining({
      timestamp: new Date(clock.now()).toISOString(),
      messageId: 'id-1',
      source: 'digest@example.com',
      sendingAccountId: '123456789012',
      destination: ['user@example.org'],
      headersTruncated: false,
      headers: [
        { name: 'From', value: 'Weekly Digest <digest@example.com>' },
        { name: 'To', value: 'user@example.org' },
        { name: 'Subject', value: 'Your week' },
      ],
      tags: expect.objectContaining({
        run: ['cnVu'],
        'ses:configuration-set': ['mails'],
        'ses:from-domain': ['example.com'],
        'ses:operation': ['SendRawEmail'],
      }),
    }),
  });
});

test('the message itself may name the set and the tags', async () => {
  const { send, told } = bench();
  const raw = rawMail({ 'X-SES-CONFIGURATION-SET': 'mails', 'X-SES-MESSAGE-TAGS': 'run=a, place=b' });
  await send('user@example.org', { ConfigurationSetName: undefined }, raw);
  expect(told[0]?.mail.tags).toMatchObject({ run: ['a'], place: ['b'] });
});

test('a set without a destination publishes nothing, and a paused one takes no mail', async () => {
  const { send } = bench();
  expect(await send('user@example.org', { ConfigurationSetName: 'quiet' })).toEqual([]);
  await expect(send('user@example.org', { ConfigurationSetName: 'paused' })).rejects.toMatchObject({
    name: 'ConfigurationSetSendingPausedException',
  });
});

test('the antivirus makers’ test file is rejected, in base64, too', async () => {
  const file = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
  const { send } = bench();
  expect(await send('user@example.org', {}, rawMail({}, file))).toEqual(['Reject']);
  expect(await send('user@example.org', {}, rawMail({}, Buffer.from(file).toString('base64')))).toEqual(['Reject']);
});

test('events come as late, as often and in the order that lateness says', async () => {
  const late = { Send: [200], Bounce: [0, 100] } as Record<string, readonly number[]>;
  const { send, told, clock } = bench({ lateness: ({ eventType }) => late[eventType] ?? [] });
  await send('bounce@simulator.amazonses.com');
  await clock.advance(1000);
  expect(told.map(({ eventType }) => eventType)).toEqual(['Bounce', 'Bounce', 'Send']);
});

test('shares are met, by the address alone, and another seed takes others', () => {
  const addresses = Array.from({ length: 20_000 }, (_, n) => `user${n}@example.org`);
  const count = (fates: Fates, fate: string) => addresses.filter((address) => fates.of(address) === fate);
  const shares = { bounces: 0.03, complaints: 0.002, softBounces: 0.05 };
  const [one, same, other] = [new Fates(shares), new Fates(shares), new Fates({ ...shares, seed: 2 })];
  // Four standard deviations on either side.
  expect(Math.abs(count(one, 'bounced').length - 600)).toBeLessThan(97);
  expect(Math.abs(count(one, 'complained').length - 40)).toBeLessThan(26);
  expect(Math.abs(count(one, 'soft-bounced').length - 1000)).toBeLessThan(124);
  expect(count(same, 'bounced')).toEqual(count(one, 'bounced'));
  expect(count(other, 'bounced')).not.toEqual(count(one, 'bounced'));
});

test('delayed mails are told of first', async () => {
  expect(await bench({ fates: { delays: 1 } }).send('user@example.org')).toEqual(['Send', 'DeliveryDelay', 'Delivery']);
});

test.each([[{ bounces: 1.1 }], [{ complaints: -0.1 }], [{ bounces: Number.NaN }], [{ bounces: 0.6, complaints: 0.6 }]])(
  'shares of %p are refused',
  (shares) => {
    expect(() => new Fates(shares)).toThrow(/^Expected .+: .+\.$/);
  },
);
