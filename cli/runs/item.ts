import { counted, nounFor } from '../../functions/contract/counted';
import type { ItemId } from '../../functions/contract/payloads';
import { itemTag } from '../../functions/email/trace-tags';
import type { MailEvent } from '../../functions/ledger/feedback';
import type { LeftoverItem } from '../../functions/ledger/items';
import type { Ledger } from '../../functions/ledger/ledger';
import { pagesOfItems } from '../../functions/ledger/pages-of-items';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { openDeployment } from '../deployment/open-deployment';
import { itemIdsOf } from '../item-id';
import { moment, print, printTable, say } from '../output';
import { type ItemPlace, placeOf } from './item-place';
import { isFinished, type KnownRun, knownRun } from './known-run';

const EVENTS_OF_A_PAGE = 1000;
/** As for a question that is answered no. */
const NO = 3;

/** What is known of one item. */
interface Answer {
  readonly id: ItemId;
  /** `done`, `skipped`, `unprocessed` and `in-doubt` are recorded; the others follow from what the chains say. */
  readonly outcome: string;
  readonly sentence: string;
  readonly chainId?: number;
  readonly link?: number;
  readonly at?: number;
  readonly reason?: string;
  readonly code?: string;
  readonly message?: string;
  readonly messageIds?: readonly string[];
}

/** The answer for the id that is meant; for each that may be, where nothing tells them apart. */
interface Answered extends Answer {
  readonly ids: readonly ItemId[];
  readonly events: readonly MailEvent[];
}

/**
 * `worker-chains item`: whether an item was done, and what is known of it. Answers the exit code: 0 where it is done, 3 where
 * it is not or nobody can say.
 *
 * @throws UsageError where the deployment does not know the run
 */
export async function item({ json, ...choice }: DeployedFlags & JsonFlag, reference: string, text: string) {
  const opened = await openDeployment(choice);
  const known = await knownRun(reference, opened);
  const { ledger } = opened;
  const { ids, events, ...answer } = await answerOf(itemIdsOf(text), known, ledger);
  if (json) {
    const { sentence: _sentence, at, ...told } = answer;
    const told_at = at === undefined ? {} : { at: new Date(at).toISOString() };
    print({ runId: known.run.runId, ...told, ...told_at, events: events.map(eventLine) });
  } else {
    say(`${ids.map((id) => JSON.stringify(id)).join(' or ')}: ${answer.sentence}`);
    const place = [
      ...(answer.chainId === undefined ? [] : [`chain ${answer.chainId}`]),
      ...(answer.link === undefined ? [] : [`link ${answer.link}`]),
      ...(answer.at === undefined ? [] : [moment(answer.at)]),
    ];
    if (place.length > 0) say(`  ${place.join(', ')}`);
    for (const messageId of answer.messageIds ?? []) say(`  message id ${messageId}`);
    if (events.length > 0) {
      printTable(
        ['event', 'at', 'message id', 'detail'],
        events.map(({ kind, at, messageId, detail }) => [kind, moment(at), messageId, detail]),
      );
    }
  }
  return answer.outcome === 'done' || answer.outcome === 'done-or-skipped' ? 0 : NO;
}

function eventLine({ kind, at, messageId, detail }: MailEvent): object {
  return { kind, at: new Date(at).toISOString(), messageId, ...(detail !== undefined && { detail }) };
}

/** What was said of the mails of these items, in the order of time. */
async function eventsOf(ids: readonly ItemId[], runId: string, ledger: Ledger): Promise<readonly MailEvent[]> {
  const tags = ids.map((id) => itemTag(id));
  const found: MailEvent[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.feedback.list(runId, { limit: EVENTS_OF_A_PAGE, ...(after !== undefined && { after }) });
    found.push(...page.events.filter((event) => tags.includes(event.itemTag)));
    after = page.next;
  } while (after !== undefined);
  return found.sort((a, b) => a.at - b.at);
}

/** Of the first of these ids of which the ledger has recorded anything; or else of the first of which anything follows. */
async function answerOf(ids: readonly ItemId[], known: KnownRun, ledger: Ledger): Promise<Answered> {
  const { runId } = known.run;
  const said = await eventsOf(ids, runId, ledger);
  const left = await leftoversAmong(ids, runId, ledger);
  const spoken: Answered[] = [];
  for (const id of ids) {
    const events = said.filter(({ itemTag: tag }) => tag === itemTag(id));
    const leftover = left.find((one) => one.id === id);
    const recorded = leftover ? ofLeftover(leftover) : ((await auditedOf(id, runId, ledger)) ?? acceptedOf(id, events));
    if (recorded) return { ...recorded, events, ids: [id] };
    if (events.length > 0) spoken.push({ ...inferred(id, known, placeOf(id, known)), events, ids: [id] });
  }
  return spoken[0] ?? inferredOf(ids, known);
}

/** Where nothing follows, all of the ids are meant. */
function inferredOf(ids: readonly ItemId[], known: KnownRun): Answered {
  const places = ids.map((id) => ({ id, place: placeOf(id, known) }));
  const placed = places.find(({ place }) => place.at !== 'unknown' && place.at !== 'nowhere');
  const { id, place } = placed ?? (places[0] as (typeof places)[number]);
  const areAllMeant = place.at === 'unknown';
  return { ...inferred(id, known, place), events: [], ids: areAllMeant ? ids : [id] };
}

async function auditedOf(id: ItemId, runId: string, ledger: Ledger): Promise<Answer | undefined> {
  const audited = await ledger.readAudit(runId, id);
  if (audited === undefined) return undefined;
  const { outcome, reason, chainId, link, at, messageIds } = audited;
  const sentence = outcome === 'done' ? 'done' : `skipped: ${reason}`;
  return {
    ...{ id, outcome, sentence, chainId, link, at },
    ...(reason !== undefined && { reason }),
    ...(messageIds && { messageIds }),
  };
}

function acceptedOf(id: ItemId, events: readonly MailEvent[]): Answer | undefined {
  const accepted = events.filter(({ kind }) => kind === 'accepted');
  const [first] = accepted;
  if (first === undefined) return undefined;
  const messageIds = accepted.map(({ messageId }) => messageId);
  const { chainId, at } = first;
  return { id, outcome: 'done', sentence: 'its mail was accepted by SES', chainId, at, messageIds };
}

/** Those of these ids that are left over. The first, which is the likelier, ends the reading. */
async function leftoversAmong(ids: readonly ItemId[], runId: string, ledger: Ledger): Promise<readonly LeftoverItem[]> {
  const found: LeftoverItem[] = [];
  for await (const items of pagesOfItems(ledger, runId)) {
    found.push(...items.filter(({ id }) => ids.includes(id)));
    if (found.some(({ id }) => id === ids[0])) break;
  }
  return found;
}

function ofLeftover({ id, outcome, code, message, messageIds, settled, chainId, link, at }: LeftoverItem): Answer {
  const place = { id, chainId, link, at, ...(messageIds && { messageIds }) };
  if (settled) {
    const sentence = `done: it was in doubt until a ${settled.because} proved it`;
    return { ...place, outcome: 'done', sentence, messageIds: [...(messageIds ?? []), settled.messageId] };
  }
  const doubt = outcome === 'in-doubt' ? 'in doubt, it may or may not have happened' : 'unprocessed';
  return { ...place, outcome, code, message, sentence: `${doubt}: ${code}: ${message}` };
}

/** Items that are done or skipped have no record of their own unless the job says so with `audit`: the chain's cursor is past them. */
const NO_RECORD =
  'the ledger keeps no record of such items. Their MessageIds are where the configuration set sends its events, by the tags run and item; with `audit: true` in the job the ledger keeps them, from the next run on';

function inferred(id: ItemId, known: KnownRun, place: ItemPlace): Answer {
  const { run } = known;
  switch (place.at) {
    case 'claimed':
      return {
        ...{ id, outcome: 'claimed', chainId: place.chain.chainId, link: place.chain.link },
        sentence: 'claimed and not settled yet: it may be under way, or in doubt if its link has died',
      };
    case 'carried':
      return {
        ...{ id, outcome: 'not-begun', chainId: place.chain.chainId },
        sentence: 'not begun: its chain has read it, and takes it up next',
      };
    case 'ahead':
      return {
        ...{ id, outcome: 'not-begun', chainId: place.chain.chainId },
        sentence: `not begun: its chain is at ${place.chain.cursor}`,
      };
    case 'behind': {
      const { postponed = 0 } = place.chain;
      const waits =
        postponed > 0
          ? `, or one of the ${counted(postponed, 'item')} of its chain that ${nounFor(postponed, 'waits', 'wait')} for ${nounFor(postponed, 'its hours', 'their hours')}`
          : '';
      return {
        ...{ id, outcome: 'done-or-skipped', chainId: place.chain.chainId },
        sentence: `done or skipped${waits}; ${NO_RECORD}`,
      };
    }
    case 'either-pass':
      return {
        ...{ id, outcome: 'unknown', chainId: place.chain.chainId },
        sentence: 'nobody can say yet: the run goes through its items for its canary first, then for everybody else',
      };
    case 'nowhere':
      return { id, outcome: 'none', sentence: `no item of ${run.runId}` };
    case 'unknown':
      return isFinished(known)
        ? {
            ...{ id, outcome: 'unknown' },
            sentence: `done or skipped, if ${run.runId} has it: the run is through with its source, ${run.source}, which only reading it would tell; ${NO_RECORD}`,
          }
        : {
            ...{ id, outcome: 'unknown' },
            sentence: `nobody can say yet: where the source, ${run.source}, has it does not follow from its id, and the run is not through with it`,
          };
  }
}
