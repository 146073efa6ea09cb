import { EVENT_POSITION, type FeedbackKind } from '../functions/ledger/feedback';
import { findRun } from './deployment/find-run';
import { openDeployment } from './deployment/open-deployment';
import { type PageFlags, pageOf, sayMore } from './ledger-commands';
import { moment, print, printTable, say } from './output';

interface FeedbackFlags extends PageFlags {
  readonly kind?: FeedbackKind | undefined;
}

/**
 * `worker-chains feedback`. Answers the exit code.
 *
 * @throws UsageError where the deployment does not know the run
 */
export async function feedback({ kind, json, ...flags }: FeedbackFlags, reference: string): Promise<number> {
  const opened = await openDeployment(flags);
  const run = await findRun(reference, opened);
  const page = await opened.ledger.feedback.list(run.runId, pageOf(flags, EVENT_POSITION));
  const events = page.events.filter((event) => kind === undefined || event.kind === kind);
  const reaction = flags.after === undefined ? run.reaction : undefined;
  if (json) {
    if (reaction) print({ reaction: { ...reaction, at: new Date(reaction.at).toISOString() } });
    for (const event of events) print({ ...event, at: new Date(event.at).toISOString() });
    if (page.next !== undefined) print({ next: page.next });
    return 0;
  }
  if (reaction) say(`${moment(reaction.at)} the run reacted: ${JSON.stringify(reaction)}`);
  printTable(
    ['item', 'kind', 'at', 'detail', 'message id'],
    events.map(({ id, itemTag, detail, messageId, at, ...event }) => [
      id === undefined ? itemTag : JSON.stringify(id),
      ...[event.kind, moment(at), detail, messageId],
    ]),
  );
  sayMore(page, events.length);
  return 0;
}
