import { buildCommand } from '@stricli/core';
import { amount, exiting, flag, maybe, text } from '../command-parts';

const MOST_ITEMS = 10_000_000;
const MOST_RANDOM = 4_294_967_295;

/** What `plan` and `preview` have in common: which run is meant, and where its functions are. */
const SURVEY = {
  stack: text(
    'NAME',
    'asks the chain function that a stack has deployed. Without it, the app of this directory is asked on an engine of this process',
  ),
  input: text(
    'JSON',
    "fields of the run's input, beside or instead of those that the schedule gives; with --stack all of them but the job",
  ),
  schedule: text('NAME', 'as in dev: the one of several schedules whose run is meant'),
  items: amount('items', [0, MOST_ITEMS], 'as in dev: only the first N of the ids'),
  chains: amount('chains', [1, MOST_ITEMS], 'as in dev'),
  rate: amount('rate', [1, MOST_ITEMS], 'as in dev: mails per second that the local SES account may send'),
  seed: text('FILE', 'as in dev: makes what the job reads'),
  random: amount('random', [0, MOST_RANDOM], 'as in dev'),
} as const;

const JOB = maybe('JOB', 'name of a job, or path of its construct in the app; needed where there are several');

export const planCommand = buildCommand({
  loader: async () => exiting((await import('./plan')).plan),
  parameters: {
    flags: {
      ...SURVEY,
      look: amount(
        'look',
        [0, MOST_ITEMS],
        'items to look at, spread over the source (1000); the rest is computed from these',
      ),
      all: flag('looks at every item'),
      json: flag('ends stdout with the plan as one JSON object'),
    },
    positional: JOB,
  },
  docs: {
    brief: 'says what a run would be, before it is one',
    customUsage: ['[JOB] [options]'],
    fullDescription: `Says what a run would be, before it is one: how many items, who would be skipped
and why, which mails could not be made, how long it takes and what it costs, and
whether rate and quota hold; of the app of this directory, when the next five
runs start, too. Reads the job's real source and data with the permissions of
its function; sends nothing, calls nothing, writes nothing.

Exit codes: 0 yes, the run may be started; 1 the plan could not be made; 2 the
command line is wrong; 3 no: the plan says why.`,
  },
});

export const previewCommand = buildCommand({
  loader: async () => exiting((await import('./preview')).preview),
  parameters: {
    flags: {
      item: text('ID', 'a number, or text: --item \'"42"\' for the text of two digits'),
      out: text('FILE', 'the page to write (preview-ID.html)'),
      noOpen: flag('only writes it'),
      ...SURVEY,
    },
    positional: JOB,
  },
  docs: {
    brief: 'shows the mail of one item',
    customUsage: ['[JOB] --item ID [options]'],
    fullDescription: `Shows the mail of one item as its recipient would see it, without sending it:
writes it to a file and opens that. Beside it stands the message itself (.eml),
for a mail program.

Exit codes: 0 written; 1 the job could not be asked; 2 the command line is
wrong; 3 the item would get no mail: it is said why.`,
  },
});
