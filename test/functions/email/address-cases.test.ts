import PostalMime from 'postal-mime';
import type { Email } from '../../../functions/contract/email';
import { readAddress } from '../../../functions/email/address';
import { ADDRESS_CASES, type AddressCase } from '../../../functions/email/address-cases';
import { Mailer } from '../../../functions/email/mailer';
import { SesTransport } from '../../../functions/email/ses-transport';
import { Ses } from '../../../local/ses/ses-service';
import { rawMail, SettableClock } from '../../local/ses/mail';

const CASES = Object.values(ADDRESS_CASES).flat();
const named = (cases: readonly AddressCase[]) => cases.map((one) => [one.input, one] as const);
const written = (one: AddressCase) => (one.verdict === 'normalised' ? one.to : one.input);

function mailTo(to: string, toName?: string): Email {
  return {
    ...{ to, subject: 'Your week', html: '<p>Hi</p>', text: 'Hi', unsubscribeUrl: 'https://example.com/u?t=1' },
    ...(toName !== undefined && { toName }),
  };
}

/** The product's mailer, and the embedded SES behind it. */
function world() {
  const ses = new Ses({ clock: new SettableClock(), randomId: () => 'id-1' });
  const send = (command: { readonly input: object }) => ses.handle('SendRawEmail', { ...command.input });
  const mailer = new Mailer(new SesTransport({ send } as never), { sender: 'digest@example.com', now: () => 0 });
  return { ses, mailer };
}

describe.each(named(CASES.filter(({ verdict }) => verdict !== 'refused')))('%j', (_, one) => {
  const address = written(one);

  test(`is ${one.verdict}`, () => {
    expect(readAddress(one.input)).toEqual({ address });
    expect(address === one.input).toBe(one.verdict === 'accepted');
    // Whatever it became stays what it is.
    expect(readAddress(address)).toEqual({ address });
  });

  test.each([[undefined], ['Zoe, Ltd.'], ['Zoë 週刊']])('mail, envelope and inbox say so; name: %s', async (toName) => {
    const { ses, mailer } = world();
    await mailer.send({ ...mailTo(one.input, toName), replyTo: one.input });
    expect([...ses.inbox.summaries()].map(({ destinations }) => destinations)).toEqual([[address]]);

    const { raw } = await mailer.compose({ ...mailTo(one.input, toName), replyTo: one.input });
    const read = await PostalMime.parse(raw);
    expect(read.to).toEqual([{ name: toName ?? '', address }]);
    expect(read.replyTo).toEqual([{ name: '', address }]);
  });

  test('SES takes it from the message alone, too', async () => {
    const { ses, mailer } = world();
    const { raw } = await mailer.compose(mailTo(one.input));
    await ses.handle('SendRawEmail', { RawMessage: { Data: raw } });
    expect([...ses.inbox.summaries()].map(({ destinations }) => destinations)).toEqual([[address]]);
  });
});

describe.each(CASES.flatMap((one) => (one.verdict === 'refused' ? [[one.input, one] as const] : [])))(
  '%j',
  (_, one) => {
    test('is refused in one sentence that does not repeat it', async () => {
      const { ses, mailer } = world();
      await expect(mailer.send(mailTo(one.input))).rejects.toMatchObject({
        kind: 'rejected',
        code: 'InvalidEmail',
        message: `Expected \`to\` to be one e-mail address, got ${one.fault}: correct the recipient's record.`,
      });
      expect([...ses.inbox.summaries()]).toEqual([]);
    });

    test('the embedded SES says what the table says that it does', async () => {
      const call = world().ses.handle('SendRawEmail', { RawMessage: { Data: rawMail() }, Destinations: [one.input] });
      if (one.ses === undefined) await expect(call).resolves.toEqual({ MessageId: 'id-1' });
      else await expect(call).rejects.toMatchObject({ name: 'InvalidParameterValue', message: one.ses });
    });
  },
);

test('no address is in the table twice', () => {
  const inputs = CASES.map(({ input }) => input);
  expect(inputs.filter((input, index) => inputs.indexOf(input) !== index)).toEqual([]);
});
