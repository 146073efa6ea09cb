import { randomBytes } from 'node:crypto';
import { UnsubscribeTokens } from '../../../functions/email/unsubscribe-token';
import { recipientKeyOf } from '../../../functions/ledger/recipients';
import { answerUnsubscribe } from '../../../functions/unsubscribing/answer-unsubscribe';
import { guardRecipients } from '../../../functions/wiring/guard-recipients';
import { greeting, mailTo, range } from '../chain/fixture';
import { LinkWorld } from '../chain/link-world';

const LEAVING = 45;
const fail = (error: unknown) => {
  throw error;
};

/** Works through ids 1 to 50; once id 3 has its mail, somebody asks for what a token says. */
async function runWhile(body: string, list = 'greeting'): Promise<LinkWorld> {
  const world = new LinkWorld();
  world.job = greeting({ process: (_, { id, send }) => send(mailTo(id)) });
  const { clock, ledger } = world;
  const tokens = new UnsubscribeTokens({ current: { id: 'a', key: 'k'.repeat(40) } }, randomBytes);
  const t = tokens.make({ recipient: recipientKeyOf(mailTo(LEAVING).to), list, locale: 'en' }, clock.now());
  const guard = guardRecipients({ ledger, clock, list: 'greeting' });
  const send = async ({ to }: { readonly to: string }) => {
    await guard(to);
    const id = Number(/\d+/.exec(to)?.[0]);
    world.sent.push({ id, at: clock.now() });
    if (id === 3) {
      const event = { requestContext: { http: { method: 'POST' } }, queryStringParameters: { t }, body };
      await answerUnsubscribe(event, { ledger, tokens, clock, onFailure: fail });
    }
    return { messageId: `message-${id}` };
  };
  await world.store();
  await world.link({}, { send });
  return world;
}

it('stops the mail of whoever unsubscribes while the run is on, and of nobody else', async () => {
  const world = await runWhile('List-Unsubscribe=One-Click');
  expect(world.ids()).toEqual(range(1, 50).filter((id) => id !== LEAVING));
  expect(JSON.parse(world.answers[0]?.output as string)).toMatchObject({ done: 49, skipped: 1 });
});

it('stops it for the list of the link only, and not for what is no unsubscription', async () => {
  expect((await runWhile('List-Unsubscribe=One-Click', 'another-list')).ids()).toEqual(range(1, 50));
  expect((await runWhile('nothing')).ids()).toEqual(range(1, 50));
});
