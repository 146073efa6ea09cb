import { buildCommand } from '@stricli/core';
import { MOST_CHAINS } from '../../functions/contract/map-mode';
import { exiting, flag, maybe, text } from '../command-parts';
import { amountOf, NUMBERS, pathOf, shareOf } from './option-values';

export const DEV_PARAMETERS = {
  flags: {
    schedule: text('NAME', 'the one of several schedules whose run is meant; without it, the first that is on'),
    items: { ...text('N', "only the first N of the scheduled run's ids, or ids 1 to N"), parse: amountOf('items') },
    chains: {
      ...text(
        'N',
        `worker chains, 1 to ${MOST_CHAINS.inline}, instead of the scheduled run's; to ${MOST_CHAINS.distributed} where the job's mapMode is distributed`,
      ),
      parse: amountOf('chains'),
    },
    rate: {
      ...text(
        'N',
        `mails per second that the local SES account may send (${NUMBERS.rate.example}, or the scheduled run's rate if that is more); a run takes a share`,
      ),
      parse: amountOf('rate'),
    },
    bounces: {
      ...text('X', 'share of the addresses that bounce for good, 0 to 1 (0)'),
      parse: shareOf('bounces'),
    },
    complaints: { ...text('X', 'share of the addresses that complain, 0 to 1 (0)'), parse: shareOf('complaints') },
    seed: {
      ...text(
        'FILE',
        'module whose default export makes what the job reads, before the run: async ({ job, ids, items, environment, random }) => …',
      ),
      parse: pathOf('seed', 'a file', 'seed.ts'),
    },
    random: {
      ...text('N', `a number for that module: other data, the same for the same number (${NUMBERS.random.fallback})`),
      parse: amountOf('random'),
    },
    port: {
      ...text(
        'N',
        `port of the page and the endpoints, on loopback; 0 takes any free one (${NUMBERS.port.fallback}, or a free one if it is taken)`,
      ),
      parse: amountOf('port'),
    },
    keep: {
      ...text('DIR', 'keeps tables, objects and the inbox in DIR'),
      parse: pathOf('keep', 'a directory', '.worker-chains/kept'),
    },
    resume: flag('goes on with the unfinished run in the --keep directory'),
    json: flag('ends stdout with the report as one JSON object; progress goes to stderr'),
    serve: flag('keeps the page and the endpoints up after the run'),
    isolate: flag(
      'gives each execution environment a thread of its own, as separate as on AWS and several times slower',
    ),
  },
  positional: maybe(
    'JOB',
    'name of a job, or path of its construct in the app; needed where there are several. The run is what its schedule would start now',
  ),
} as const;

export const devCommand = buildCommand({
  loader: async () => exiting((await import('./dev')).dev),
  parameters: DEV_PARAMETERS,
  docs: {
    brief: 'runs a job of the app in this directory, on this machine',
    customUsage: ['[JOB] [options]'],
    fullDescription: `Runs a job of the app in this directory on worker chains, on this machine,
without an AWS account: the app is synthesized as cdk.json says, and everything
that its stacks hold for chains runs on an embedded engine.

Exit codes: 0 everybody is done or skipped; 1 the run failed or was stopped from
elsewhere; 2 the command line is wrong; 3 the run succeeded, but items are
unprocessed or in doubt: the report says how to list them; 130 Ctrl-C.

An AWS_ENDPOINT_URL_SFN, _LAMBDA, _SES, _DYNAMODB, _S3, _SQS, _SNS or
_SECRETS_MANAGER in the environment replaces that embedded service. CDK_APP
stands instead of what cdk.json says, as it does for the CDK: a command, or the
directory of what was synthesized before, such as cdk.out.`,
  },
});
