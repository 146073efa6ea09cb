import { buildCommand } from '@stricli/core';
import { FEEDBACK_KINDS } from '../functions/ledger/feedback';
import { amount, choice, DEPLOYED, exiting, flag, JSON_LINES, maybe, RUN, text, words } from './command-parts';

/** The commands that look at a run in the ledger. */

const MOST_OF_A_PAGE = 1000;
const PAGE = {
  limit: amount('limit', [1, MOST_OF_A_PAGE], `of a page, up to ${MOST_OF_A_PAGE} (100)`),
  after: text('POSITION', 'goes on where a page ended'),
};

export const leftoversCommand = buildCommand({
  loader: async () => exiting((await import('./ledger-commands')).leftovers),
  parameters: {
    flags: { outcome: choice(['unprocessed', 'in-doubt'], 'of these only'), ...PAGE, ...JSON_LINES, ...DEPLOYED },
    positional: words(RUN),
  },
  docs: {
    brief: 'lists the items of a run that are unprocessed or in doubt',
    customUsage: ['RUN [options]'],
    fullDescription: `Lists the items of a run that are unprocessed or in doubt, page by page: the
last line of a page says where the next one begins.`,
  },
});

export const feedbackCommand = buildCommand({
  loader: async () => exiting((await import('./feedback-command')).feedback),
  parameters: {
    flags: { kind: choice(FEEDBACK_KINDS, 'of this kind only'), ...PAGE, ...JSON_LINES, ...DEPLOYED },
    positional: words(RUN),
  },
  docs: {
    brief: 'lists bounces and complaints of the mails of a run',
    customUsage: ['RUN [options]'],
    fullDescription: `Lists what mailbox providers said of a run's mails, by the id of the item, page
by page: the last line of a page says where the next one begins. Where the run
has stopped or paused itself for it, the first line says why.`,
  },
});

export const recipientCommand = buildCommand({
  loader: async () => exiting((await import('./recipient-command')).recipient),
  parameters: {
    flags: {
      restore: flag('forgets that it has bounced or complained'),
      unsubscribe: flag('takes it off the list of the job'),
      resubscribe: flag('puts it back on the list of the job'),
      ...JSON_LINES,
      ...DEPLOYED,
    },
    positional: words({ placeholder: 'ADDRESS', brief: 'where mails go, such as user@example.com' }),
  },
  docs: {
    brief: 'says whether an address may be mailed, and changes it by hand',
    customUsage: ['ADDRESS [options]', 'ADDRESS --restore|--unsubscribe|--resubscribe [options]'],
    fullDescription: `Says whether a job may mail an address, and why not: it has bounced for good or
complained, which counts for all jobs of the ledger, or has unsubscribed from
this one. What is changed by hand counts from the next chunk of every run on. An
address that is restored and bounces again is suppressed again.

Ends with 0 when the job may mail it or what was asked for is done, 3 when it
may not.`,
  },
});

/** Most items and calls per second that anybody may ask for. */
const MOST_PER_SECOND = 1_000_000;

export const tuneCommand = buildCommand({
  loader: async () => exiting((await import('./budget-commands')).tune),
  parameters: {
    flags: {
      rate: text('N', `items per second of the run, 0 to ${MOST_PER_SECOND}; with --provider calls, or default`),
      provider: text(
        'NAME',
        'changes the rate of all runs at a provider instead: its name in the jobs, ses for Amazon SES',
      ),
      ...JSON_LINES,
      ...DEPLOYED,
    },
    positional: maybe('RUN', RUN.brief),
  },
  docs: {
    brief: "changes a run's items per second while it is on, or the rate of all runs at a provider",
    customUsage: ['RUN --rate N [options]', '--provider NAME --rate N|default [options]'],
    fullDescription: `Changes the items per second of a run while it is on; 0 pauses it. Its links see
it within two seconds. An execution ends after seven days, paused or not: a rate
at which what is left needs longer is refused.

With --provider it changes the calls per second of all runs together there: 0
pauses every run that uses it, default leaves it to the provider again.`,
  },
});

export const budgetCommand = buildCommand({
  loader: async () => exiting((await import('./budget-commands')).budget),
  parameters: {
    flags: { ...JSON_LINES, ...DEPLOYED },
    positional: words({ placeholder: 'PROVIDER', brief: 'its name in the jobs, ses for Amazon SES' }),
  },
  docs: {
    brief: 'shows the budget of a provider, and which runs have which share of it',
    customUsage: ['PROVIDER [options]'],
  },
});
