import type { Pace } from '../../../functions/chain/pace';
import { Paces } from '../../../functions/chain/paces';
import { startItems } from '../../../functions/chain/start-items';
import type { Email } from '../../../functions/contract/email';
import { Refusal, type RefusalKind } from '../../../functions/contract/errors';
import type { Job, ProcessContext } from '../../../functions/contract/job';
import type { ItemOutcome } from '../../../functions/contract/outcomes';
import type { ItemId } from '../../../functions/contract/payloads';
import type { ProviderBudget } from '../../../functions/contract/quota';
import type { ItemTerms } from '../../../functions/effects/item-terms';
import { processItem } from '../../../functions/effects/process-item';
import { VirtualClock } from '../../support/virtual-clock';
import { aRun, greeting, ledgerOver, mailTo, memoryTable, when } from '../chain/fixture';

export const CODES: Record<RefusalKind, string> = {
  throttled: 'Throttling',
  'quota-exhausted': 'Throttling',
  rejected: 'MessageRejected',
  suppressed: 'suppressed',
  ambiguous: 'TimeoutError',
};
const refuse = (kind: RefusalKind) => new Refusal(kind, CODES[kind], `The provider said ${kind}.`);

export interface World {
  readonly clock: VirtualClock;
  readonly paces: Paces;
  readonly pace: Pace;
  /** Addresses of the mails that the provider was asked to send, with the time in milliseconds. */
  readonly asked: { readonly to: string; readonly at: number }[];
  readonly events: string[];
  held: boolean;
}

export type Process = (context: ProcessContext, world: World) => ReturnType<Job['process']>;

interface Options extends Partial<Omit<ItemTerms, 'job'>> {
  /** @default - 1 */
  readonly ids?: readonly ItemId[];
  /** @default - something for each id */
  readonly data?: ReadonlyMap<ItemId, unknown>;
  /** @default - 1000 */
  readonly itemsPerSecond?: number;
  /** @default - `{ mail: ses() }` */
  readonly job?: Pick<Job, 'providers'>;
  /** Calls per second of the providers beside the first. @default - 1000 */
  readonly budgets?: readonly ProviderBudget[];
}

/** Starts and processes claimed items. `provider` answers each attempt to send: a refusal, or nothing for a mail that is sent. */
export async function process(
  provider: (attempt: number, world: World) => RefusalKind | undefined | Promise<RefusalKind | undefined>,
  job: Process = ({ id, send }) => send(mailTo(id)),
  {
    itemsPerSecond = 1000,
    ids = [1],
    data = new Map(ids.map((id) => [id, {}])),
    job: declared = {},
    budgets = [],
    ...changed
  }: Options = {},
) {
  const clock = new VirtualClock({ start: 0 });
  const run = aRun({ rate: itemsPerSecond, providers: budgets });
  const ledger = ledgerOver(memoryTable(), clock);
  const paces = new Paces({ job: declared, run, ledger, backOff: null, clock, random: () => 0 });
  await paces.begin();
  paces.share({ chains: 1, phase: 0 }, run);
  // Nobody looks again: what is given counts for ever.
  for (const paced of paces.providers) paced.pace.setShare(paced.pace.rate());
  const pace = paces.items;
  const world: World = { clock, paces, pace, asked: [], events: [], held: true };
  const terms: ItemTerms = {
    job: greeting({ process: (_, context) => job(context, world) }),
    providers: paces.providers,
    rootRun: 'run-1',
    clock,
    lease: { held: () => world.held },
    delivery: 'at-most-once',
    send: async ({ to }: Email) => {
      world.asked.push({ to, at: clock.now() });
      const kind = await provider(world.asked.length, world);
      if (kind) throw refuse(kind);
      return { messageId: `message-${world.asked.length}` };
    },
    trace: { runId: 'run-1', chainId: 0, expiresAt: 0 },
    onQuotaExhausted: () => world.events.push('quota exhausted'),
    onNotBefore: (until) => world.events.push(`not before ${until}`),
    ...changed,
  };
  const outcomes: Promise<ItemOutcome>[] = [];
  await when(
    clock,
    startItems(
      ids.map((id, index) => ({ chunk: 1, index, id, data: data.get(id) })),
      {
        pace,
        mayStart: () => terms.lease.held(),
        isOpen: () => true,
        process: (item) => processItem(item, terms),
        onItem: (_, outcome) => outcomes.push(outcome),
      },
    ),
  );
  world.events.push('started');
  const all = await when(clock, Promise.all(outcomes));
  const messageIds = all.map((outcome) => ('messageIds' in outcome ? outcome.messageIds : []));
  return { ...world, outcomes: all.map(withoutMails), messageIds };
}

export const always = (kind?: RefusalKind) => () => kind;
export const IN_DOUBT = { outcome: 'in-doubt', code: 'TimeoutError', message: 'The provider said ambiguous.' };
export const UNPROCESSED = { outcome: 'unprocessed', code: 'MessageRejected', message: 'The provider said rejected.' };

function withoutMails(outcome: ItemOutcome): ItemOutcome {
  if (outcome.outcome === 'carried') return outcome;
  const { messageIds: _, ...others } = outcome;
  return others;
}
