import { buildCommand } from '@stricli/core';
import { MOST_CHAINS } from '../../functions/contract/map-mode';
import { amount, DEPLOYED, exiting, flag, JSON_LINES, RUN, rateUpTo, text, words } from '../command-parts';

/** The commands that act on runs. */

const MOST_PER_SECOND = 1_000_000;
const RATE = {
  rate: rateUpTo(MOST_PER_SECOND, 'items per second of the run; of a job with processChunk, chunks'),
} as const;
const DRY_RUN = { dryRun: flag('goes through everything but the effects: nothing is sent, nobody is called') } as const;

export const startCommand = buildCommand({
  loader: async () => exiting((await import('./start')).start),
  parameters: {
    flags: {
      input: text('JSON', "fields of the run's input, beside the job"),
      items: text('FROM-TO', 'the first and the last id: 1-5000'),
      chains: amount('chains', [1, MOST_CHAINS.distributed], 'number of chains'),
      ...RATE,
      ...DRY_RUN,
      name: text('NAME', "of the execution, and so of the run (the job's, the time, and some letters)"),
      ...JSON_LINES,
      ...DEPLOYED,
    },
  },
  docs: {
    brief: 'starts a run',
    customUsage: ['[--items FROM-TO] [options]'],
    fullDescription: `Starts a run, and waits until it is planned or refused. What it does not say,
the job and the deployment decide; the schedule's own input is not taken.`,
  },
});

export const stopCommand = buildCommand({
  loader: async () => exiting((await import('./stop')).stop),
  parameters: { flags: { ...JSON_LINES, ...DEPLOYED }, positional: words(RUN) },
  docs: {
    brief: 'stops a run: its chains settle what they know and end',
    customUsage: ['RUN [options]'],
    fullDescription: `Stops the execution of a run. Each chain settles what it knows and ends within a
heartbeat interval; resume goes on from there.`,
  },
});

export const resumeCommand = buildCommand({
  loader: async () => exiting((await import('./resume')).resume),
  parameters: { flags: { ...RATE, ...JSON_LINES, ...DEPLOYED }, positional: words(RUN) },
  docs: {
    brief: 'goes on with a run that was stopped or has failed',
    customUsage: ['RUN [options]'],
    fullDescription: `Goes on with a run from the ledger: by a redrive of its execution, or by a new
execution where that is not possible – after 14 days, where it was paused, or
where another rate is asked for – and says which and why. Waits until its chains
have let go.`,
  },
});

export const pauseCommand = buildCommand({
  loader: async () => exiting((await import('./pause')).pause),
  parameters: { flags: { ...JSON_LINES, ...DEPLOYED }, positional: words(RUN) },
  docs: {
    brief: 'pauses a run for a while: its execution stays',
    customUsage: ['RUN [options]'],
    fullDescription: `Pauses a run: a rate of 0, while its execution and its chains stay. Its links
see it within two seconds. They go on costing what they cost; stop is for
longer.`,
  },
});

export const retryCommand = buildCommand({
  loader: async () => exiting((await import('./retry-run')).retry),
  parameters: {
    flags: {
      inDoubt: flag('those in doubt instead, which may have been processed once'),
      ...RATE,
      ...DRY_RUN,
      ...JSON_LINES,
      ...DEPLOYED,
    },
    positional: words(RUN),
  },
  docs: {
    brief: 'starts a run over what a run left unprocessed',
    customUsage: ['RUN [--in-doubt] [options]'],
    fullDescription: `Starts a run over the items that a run left unprocessed, once their cause is
mended. Those in doubt are taken up with --in-doubt only, after a look at them:
they may have been processed once already. What is left is taken up once.`,
  },
});

export const compareCommand = buildCommand({
  loader: async () => exiting((await import('./compare')).compare),
  parameters: {
    flags: { ...JSON_LINES, ...DEPLOYED },
    positional: words(RUN, { placeholder: 'RUN2', brief: 'the other one' }),
  },
  docs: { brief: 'compares two runs: duration, rate, outcomes, throttles, cost', customUsage: ['RUN RUN2 [options]'] },
});
