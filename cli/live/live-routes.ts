import { buildCommand } from '@stricli/core';
import { amount, DEPLOYED, exiting, flag, maybe, RUN, text, words } from '../command-parts';

/** The commands that look at runs while they are on. */

const MOST_PORT = 65_535;

export const pageCommand = buildCommand({
  loader: async () => exiting((await import('./page-command')).page),
  parameters: {
    flags: {
      operate: flag('with buttons that stop, redrive, resume, change the rate, and retry what is left unprocessed'),
      port: amount('port', [0, MOST_PORT], 'where it listens on 127.0.0.1 (4520, or any that is free)'),
      ...DEPLOYED,
    },
    positional: maybe('RUN', RUN.brief),
  },
  docs: {
    brief: 'shows the runs of a stack in a browser',
    customUsage: ['[RUN] [options]'],
    fullDescription: `Shows the page of a deployed stack on this machine, with your credentials: the
runs of all its jobs, or of the one of --job, each with states, chains, figures
and history. Read only, unless --operate. Until Ctrl-C.`,
  },
});

export const watchCommand = buildCommand({
  loader: async () => exiting((await import('./watch-command')).watch),
  parameters: {
    flags: { json: flag('a line of JSON for each change, and one at the end'), ...DEPLOYED },
    positional: words(RUN),
  },
  docs: {
    brief: 'follows a run to its end',
    customUsage: ['RUN [options]'],
    fullDescription: `Follows a run to its end: items, rate, throttles, when it ends, and each chain
where the terminal has room. Looking changes nothing: Ctrl-C ends the looking,
not the run.

Ends with 0 when everybody is done or skipped, 1 without success, 3 with success
and items left unprocessed or in doubt, 130 after Ctrl-C.`,
  },
});

export const reportCommand = buildCommand({
  loader: async () => exiting((await import('./report-command')).report),
  parameters: {
    flags: {
      html: text('FILE', 'the page of the run in one file, which opens from disk and fetches nothing'),
      csv: text('FILE', 'every item that is not done, nor skipped, as far as its id is known'),
      json: flag('ends stdout with the report as one JSON object'),
      ...DEPLOYED,
    },
    positional: words(RUN),
  },
  docs: {
    brief: "writes a run's page, and what is not done, to files",
    customUsage: ['RUN [options]'],
    fullDescription: `Reports on a run as it stands: as text, or as files. The page is that of
worker-chains page, without mails and without task tokens. The CSV has a line
for each item: id, outcome, code, message, chain, link, at. Beside what came out
unprocessed or in doubt these are, of a run that has not come to its end, items
that are claimed, not begun, or postponed. Those that the source has not given
yet have no ids.`,
  },
});
