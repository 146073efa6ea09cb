import { FEEDBACK_KINDS, type FeedbackKind } from '../functions/ledger/feedback';
import { readCommandLine, UsageError } from './command-line';
import { DEPLOYED, find, help, number, print, TEXT, USUAL, WHERE } from './ledger-access';

const HELP = `Lists what mailbox providers said of a run's mails, by the id of the item, one
JSON line each, page by page: the last line of a page says where the next one
begins. Where the run has stopped or paused itself for it, the first line says
why.

  worker-chains feedback RUN [options]

  --kind WHAT        bounced, complained, soft-bounced, rejected, delayed or
                     accepted (all of them)
  --limit N          lines of a page that are looked at, up to 1000 (100)
  --after POSITION   goes on where a page ended
${DEPLOYED}
${WHERE}`;

const MOST_EVENTS_OF_A_PAGE = 1000;

/**
 * `worker-chains feedback`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, or the ledger does not know the run
 */
export async function feedback(args: readonly string[]): Promise<number> {
  const options = { ...USUAL, kind: TEXT, limit: TEXT, after: TEXT };
  const { values, words } = readCommandLine(args, { command: 'feedback', options, words: 1 });
  if (values.help) return help(HELP);
  const { kind, limit = '100', after } = values;
  const { ledger, run } = await find('feedback', words[0], values);
  if (kind !== undefined && !FEEDBACK_KINDS.includes(kind as FeedbackKind)) {
    throw new UsageError(`Expected --kind to be one of ${FEEDBACK_KINDS.join(', ')}, got ${kind}.`);
  }
  const most = number('--limit', limit, MOST_EVENTS_OF_A_PAGE);
  const page = await ledger.feedback.list(run.runId, { limit: most, ...(after !== undefined && { after }) });
  if (run.reaction && after === undefined) {
    print({ reaction: { ...run.reaction, at: new Date(run.reaction.at).toISOString() } });
  }
  for (const event of page.events) {
    if (kind === undefined || event.kind === kind) print({ ...event, at: new Date(event.at).toISOString() });
  }
  if (page.next !== undefined) print({ next: page.next });
  return 0;
}
