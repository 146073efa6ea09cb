import { Readable } from 'node:stream';
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer';
import { digestFor } from '../../examples/weekly-digest/mail';
import { recipientFor } from '../../examples/weekly-digest/seed';
import { renderMime } from '../../functions/email/render-mime';
import { sharedAssembly } from '../support/shared-assembly';
import { cpuOfStart } from './npm-start';
import { median } from './statistics';

/** What a mail costs in CPU, done as it is now and as it was before, by turns. Medians over the repetitions. */
export interface CpuCell {
  readonly what: string;
  /** How it was done before. */
  readonly instead: string;
  /** User and system time of the process, microseconds a mail. */
  readonly microseconds: number;
  readonly insteadMicroseconds: number;
  /** Now ÷ before: median of the ratios of neighbouring measurements. */
  readonly ratio: number;
}

export interface CpuSizes {
  readonly mails: number;
  /** Of a run of `npm start`; what its start takes is measured by a run of a tenth, and taken off. */
  readonly items: number;
  readonly repetitions: number;
}

/** Answers the CPU of its work, microseconds a mail. */
type Measured = () => Promise<number>;

/** The two gains that Lambda has as well, and what `npm start` takes as a whole. */
export async function cpuPerMail({ mails, items, repetitions }: CpuSizes): Promise<readonly CpuCell[]> {
  const messages = Array.from({ length: mails }, (_, index) => composedMail(index + 1));
  const assembly = await sharedAssembly();
  return [
    await compared(
      ['bytes of a mail', 'by the four streams of the library'],
      () => each(messages, (message) => renderMime(message.compile())),
      () => each(messages, (message) => message.compile().build()),
      repetitions,
    ),
    await compared(
      ['a call to SES by the SDK, without the network', 'its middleware put together for each call'],
      sending(mails, true),
      sending(mails, false),
      repetitions,
    ),
    await compared(
      ['npm start: engine, functions and inbox', '--isolate: a thread for each environment'],
      starting(assembly, items, []),
      starting(assembly, items, ['--isolate']),
      repetitions,
    ),
  ];
}

async function compared(
  [what, instead]: readonly [string, string],
  now: Measured,
  before: Measured,
  repetitions: number,
): Promise<CpuCell> {
  const measured: [number, number][] = [];
  // One round to warm up compiled code, not counted.
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    const pair: [number, number] = [await now(), await before()];
    if (repetition > 0) measured.push(pair);
  }
  return {
    ...{ what, instead },
    microseconds: median(measured.map(([own]) => own)),
    insteadMicroseconds: median(measured.map(([, other]) => other)),
    ratio: median(measured.map(([own, other]) => own / other)),
  };
}

async function each<Input>(inputs: readonly Input[], work: (input: Input) => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (const input of inputs) await work(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / inputs.length;
}

/** Both ways to bytes begin with the same parts, and compile them anew. */
function composedMail(id: number): MailComposer {
  const { html, text, subject, to } = digestFor(
    recipientFor(id, 1) ?? recipientFor(id + 1, 1)!,
    `https://example.com/u/${id}`,
  );
  return new MailComposer({ from: 'digest@example.com', to, subject, html, text });
}

const ANSWER =
  '<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult>' +
  '<MessageId>0100018c</MessageId></SendRawEmailResult></SendRawEmailResponse>';

function sending(mails: number, cacheMiddleware: boolean): Measured {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const handle = async () => ({
    response: { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: Readable.from([Buffer.from(ANSWER)]) },
  });
  const client = new SESClient({
    ...{ region: 'us-east-1', credentials, maxAttempts: 1, cacheMiddleware },
    requestHandler: { handle } as never,
  });
  const Data = Buffer.from(`From: digest@example.com\r\n\r\n${'x'.repeat(6000)}`);
  const command = () => new SendRawEmailCommand({ Destinations: ['reader@example.com'], RawMessage: { Data } });
  return () => each(Array.from({ length: mails }), () => client.send(command()));
}

function starting(assembly: string, items: number, options: readonly string[]): Measured {
  const cpuOf = (count: number) =>
    cpuOfStart(['--items', String(count), '--rate', '400', ...options], { CDK_APP: assembly });
  const few = Math.ceil(items / 10);
  return async () => ((await cpuOf(items)) - (await cpuOf(few))) / (items - few);
}
