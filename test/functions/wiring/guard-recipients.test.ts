import { recipientKeyOf, type Standing } from '../../../functions/ledger/recipients';
import { guardRecipients } from '../../../functions/wiring/guard-recipients';
import { sdkError } from '../../support/sdk-errors';
import { VirtualClock } from '../../support/virtual-clock';
import { when } from '../chain/fixture';

const TO = 'zoe@example.com';

async function ask(answer: Standing | Error | undefined): Promise<unknown> {
  const clock = new VirtualClock();
  const read = async (keys: readonly string[]) => {
    if (answer instanceof Error) throw answer;
    return new Map(answer && keys.includes(recipientKeyOf(TO)) ? [[recipientKeyOf(TO), answer]] : []);
  };
  const guard = guardRecipients({ ledger: { recipients: { read } as never }, clock, list: 'digest' });
  return when(
    clock,
    guard(TO).then(
      () => 'may be sent',
      (error: unknown) => error,
    ),
  );
}

describe('the guard on recipients', () => {
  it.each<[string, Standing | undefined]>([
    ['nothing is known of', undefined],
    ['is off another list', { unsubscribed: { offers: 1 } }],
  ])('lets a mail go to an address that %s', async (_, standing) => {
    expect(await ask(standing)).toBe('may be sent');
  });

  it.each<[string, Standing, string]>([
    ['has bounced', { bouncedAt: 1, unsubscribed: {} }, 'suppressed'],
    ['has complained', { complainedAt: 1, unsubscribed: {} }, 'suppressed'],
    ['is off the list', { unsubscribed: { digest: 1 } }, 'unsubscribed'],
  ])('lets none go to one that %s', async (_, standing, code) => {
    expect(await ask(standing)).toMatchObject({ kind: 'suppressed', code });
  });

  it('lets none go on a guess: waits where the ledger does not answer, fails where it may not be asked', async () => {
    expect(await ask(sdkError('InternalServerError', 500, 'Internal server error'))).toMatchObject({
      kind: 'throttled',
      code: 'LedgerUnavailable',
    });
    expect(await ask(sdkError('AccessDeniedException', 400, 'Not authorized.'))).toMatchObject({
      kind: 'rejected',
      code: 'AccessDeniedException',
    });
  });
});
