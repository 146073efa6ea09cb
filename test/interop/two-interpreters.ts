import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UpdateAccountSendingEnabledCommand } from '@aws-sdk/client-ses';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { App } from 'aws-cdk-lib';
import type { LocalTemplate } from '../../local/template/local-template';
import { reader } from '../cli/readers';
import { SilentMailService } from '../local/mail-service';
import { canaryFirst, synthesizedIn } from '../local/several-jobs';
import { Account, deployedTemplate, type Ended, withChainTimeout } from '../local/whole-run';
import { freePort } from '../support/free-port';
import { type Checks, referee } from './checks';
import { Moto } from './moto';

/**
 * Runs the same stories with the embedded Step Functions and with moto's, which interprets the same file, and compares
 * what an operator sees: status, error, report, chains, mails and the events of the history. With arguments, only the
 * stories of these names.
 */

interface Story {
  readonly name: string;
  /** Of the chain function, seconds. */
  readonly timeoutSeconds?: number;
  readonly tell: (account: Account) => Promise<Ended>;
  /** @default - the app that ships */
  readonly app?: (app: App) => void;
  /** What moto is known to do in its own way. */
  readonly known?: Readonly<Partial<Record<keyof Observed, KnownDifference>>>;
}

/** What is to be the same wherever the state machine is interpreted; chains interleave as they like. */
interface Observed {
  readonly status: string;
  readonly error: string | null;
  readonly report: Report;
  readonly chains: string;
  /** Events of each kind. */
  readonly events: Readonly<Record<string, number>>;
  /** Recipients who got more than one mail. */
  readonly twice: number;
}

interface Report {
  readonly planned?: number;
  readonly done?: number;
  readonly skipped?: number;
  readonly unprocessed?: number;
  readonly inDoubt?: number;
}

interface KnownDifference {
  readonly because: string;
  /** Whether this is the known difference and no other. */
  readonly is: (embedded: Observed, moto: Observed) => boolean;
}

const READERS = 40;
const CHUNK_ITEMS = 5;
const ids = { first: 1, last: READERS };
const job = 'weekly-digest';

const retriesUnlike: KnownDifference = {
  because: 'moto gives a retry the task token of the attempt before, and may hear that one’s failure once more',
  is: onlyKindsThatDiffer('TaskFailed', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted'),
};

const STORIES: readonly Story[] = [
  { name: 'one chain', tell: (account) => account.run({ job, ids, chains: 1 }) },
  { name: 'three chains', tell: (account) => account.run({ job, ids, chains: 3 }) },
  {
    name: 'handoffs',
    tell: (account) => account.run({ job, ids, chains: 2, rate: 20, chunkItems: 4, linkSeconds: 1 }),
  },
  { name: 'no items', tell: (account) => account.run({ job, ids: { first: 1, last: 0 } }) },
  { name: 'a canary', app: canaryFirst, tell: (account) => account.run({ job: 'canary-first', ids, chains: 2 }) },
  { name: 'invalid input', tell: (account) => account.run({ job, ids, chain: 3 }) },
  {
    name: 'sending paused',
    tell: sendingPaused,
    known: {
      events: {
        because: 'moto records no event for the iterations that a failed one aborts, or lets them fail, too',
        is: onlyKindsThatDiffer('MapIterationAborted', 'TaskStateAborted', 'MapIterationFailed', 'TaskFailed'),
      },
    },
  },
  {
    name: 'stopped',
    tell: stopped,
    known: {
      status: {
        because: 'moto takes the stop of a waiting task for its timeout, and fails',
        is: (embedded, moto) => embedded.status === 'ABORTED' && moto.status === 'FAILED',
      },
      error: {
        because: 'moto names an error of its own for it',
        is: (embedded, moto) => embedded.error === null && moto.error === 'States.Runtime',
      },
      events: {
        because: 'moto records the failure that it takes the stop for',
        is: onlyKindsThatDiffer(
          'ExecutionAborted',
          'ExecutionFailed',
          'MapIterationFailed',
          'MapStateFailed',
          'TaskTimedOut',
        ),
      },
    },
  },
  // One chunk in doubt of 40 ids is more than the job tolerates, of 800 it is less.
  {
    name: 'a link that dies, too many in doubt',
    timeoutSeconds: 3,
    tell: (account) => account.run({ job, ids, chains: 1, chunkItems: CHUNK_ITEMS }),
    known: { events: retriesUnlike },
  },
  {
    name: 'a link that dies, few in doubt',
    timeoutSeconds: 3,
    tell: (account) => account.run({ job, ids: { first: 1, last: 20 * READERS }, chains: 1, chunkItems: CHUNK_ITEMS }),
    known: {
      events: retriesUnlike,
      report: {
        because: 'what a link had claimed when it died is in doubt, a chunk at most, and moto may interrupt once more',
        is: (embedded, moto) => chunksInDoubt(embedded, 1) && chunksInDoubt(moto, moto.events.TaskFailed ?? 0),
      },
    },
  },
];

function onlyKindsThatDiffer(...kinds: readonly string[]): KnownDifference['is'] {
  return (embedded, moto) => {
    const others = (events: Observed['events']) =>
      Object.fromEntries(Object.entries(events).filter(([kind]) => !kinds.includes(kind)));
    return isDeepStrictEqual(others(embedded.events), others(moto.events));
  };
}

/** Whether nobody is missing from the report, and what is in doubt is what so many interruptions may leave. */
function chunksInDoubt({ report }: Observed, interruptions: number): boolean {
  const { planned, done = 0, skipped = 0, unprocessed = 0, inDoubt = 0 } = report;
  const isWhole = done + skipped + unprocessed + inDoubt === planned;
  return isWhole && inDoubt >= 1 && inDoubt <= interruptions * CHUNK_ITEMS;
}

async function sendingPaused(account: Account): Promise<Ended> {
  await account.ses.send(new UpdateAccountSendingEnabledCommand({ Enabled: false }));
  return account.run({ job, ids, chains: 2 });
}

async function stopped(account: Account): Promise<Ended> {
  const arn = await account.start({ job, ids, chains: 2, rate: 10, chunkItems: 5 });
  await account.until('the run is sending', () => account.mails(1, READERS).size > 5);
  await account.stop(arn);
  return account.ended(arn);
}

async function observe(account: Account, ended: Ended): Promise<Omit<Observed, 'twice'>> {
  const { status, error, output } = ended;
  const { planned, done, skipped, unprocessed, inDoubt } = JSON.parse(output ?? '{}') as Report;
  const chains = await account.ledger.readChains(ended.name as string);
  return {
    status: status as string,
    error: error ?? null,
    report: output === undefined ? {} : { planned, done, skipped, unprocessed, inDoubt },
    chains: chains.map((chain) => chain.status).join(' '),
    events: countKinds(await account.history(ended.executionArn)),
  };
}

function countKinds(events: readonly HistoryEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type = '' } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

async function tell(story: Story, deployed: LocalTemplate, stepFunctions: 'embedded' | 'moto'): Promise<Observed> {
  const port = await freePort();
  const mails = story.timeoutSeconds === undefined ? undefined : await SilentMailService.open();
  mails?.silence(reader(7).email);
  const moto = stepFunctions === 'moto' ? await Moto.start(`http://127.0.0.1:${port}`) : undefined;
  const account = await Account.open({
    template: story.timeoutSeconds === undefined ? deployed : withChainTimeout(deployed, story.timeoutSeconds),
    port,
    replaced: {
      ...(moto && { stepFunctions: moto.endpoint }),
      ...(mails && { ses: mails.url }),
    },
    isolated: true,
  });
  try {
    await account.subscribe(1, READERS, { missing: [3], unsubscribed: [4] });
    const observed = await observe(account, await story.tell(account));
    const received = [...(mails?.inbox ?? account.engine.inbox).countByRecipient().values()];
    return { ...observed, twice: received.filter((count) => count > 1).length };
  } finally {
    await account.close();
    await mails?.close();
    moto?.close();
  }
}

async function compare(story: Story, deployed: LocalTemplate, checks: Checks): Promise<void> {
  const embedded = await tell(story, deployed, 'embedded');
  const moto = await tell(story, deployed, 'moto');
  for (const key of Object.keys(embedded) as (keyof Observed)[]) {
    const difference = story.known?.[key];
    const same = isDeepStrictEqual(embedded[key], moto[key]);
    if (!same && difference?.is(embedded, moto)) checks.ok(`${story.name}: ${key} as known, ${difference.because}`);
    else if (same && key === 'events')
      checks.ok(`${story.name}: same events, of ${Object.keys(moto.events).length} kinds`);
    else checks.equal(`${story.name}: same ${key}`, moto[key], embedded[key]);
  }
}

referee(async (checks) => {
  const wanted = process.argv.slice(2);
  const deployed = await deployedTemplate();
  const directory = mkdtempSync(join(tmpdir(), 'worker-chains-stories-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (const story of STORIES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    await compare(story, story.app ? synthesizedIn(directory, story.app) : deployed, checks);
  }
});
