import { buildCommand } from '@stricli/core';
import { amount, DEPLOYED, exiting, JSON_LINES, RUN, words } from '../command-parts';

/** The commands that tell of runs. */

const MOST_RUNS = 100;

export const runsCommand = buildCommand({
  loader: async () => exiting((await import('./list-runs')).runs),
  parameters: {
    flags: {
      limit: amount('limit', [1, MOST_RUNS], `how many, up to ${MOST_RUNS} (10)`),
      ...JSON_LINES,
      ...DEPLOYED,
    },
  },
  docs: {
    brief: 'lists the newest runs, and how they came out',
    customUsage: ['[options]'],
    fullDescription: `Lists the newest runs of all jobs of the stack, or of the one of --job, and how
they came out.`,
  },
});

export const showCommand = buildCommand({
  loader: async () => exiting((await import('./show')).show),
  parameters: { flags: { ...JSON_LINES, ...DEPLOYED }, positional: words(RUN) },
  docs: {
    brief: 'shows a run: how its items came out, and each of its chains',
    customUsage: ['RUN [options]'],
    fullDescription: `Shows a run: how its items came out, what goes on with it, and each of its
chains with partition, cursor, epoch and link.`,
  },
});

export const itemCommand = buildCommand({
  loader: async () => exiting((await import('./item')).item),
  parameters: {
    flags: { ...JSON_LINES, ...DEPLOYED },
    positional: words(RUN, {
      placeholder: 'ID',
      brief: 'as leftovers prints it; \'"42"\' is the text of two digits, if there is a number 42 as well',
    }),
  },
  docs: {
    brief: 'says whether one item of a run was done',
    customUsage: ['RUN ID [options]'],
    fullDescription: `Says whether one item of a run was done: outcome, chain, link, MessageIds, and
what mailbox providers said of its mails. The ledger keeps a record of what is
unprocessed or in doubt; of what is done or skipped with audit: true in the job
only, and otherwise it is said what follows from the cursor of its chain.

Exit codes: 0 it is done, or done or skipped; 1 the ledger could not be asked; 2
the command line is wrong; 3 it is not, or nobody can say.`,
  },
});
