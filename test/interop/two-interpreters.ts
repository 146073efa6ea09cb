import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { UpdateAccountSendingEnabledCommand } from '@aws-sdk/client-ses';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { sleep } from '../../functions/chain/clock';
import { systemClock as clock } from '../../functions/clients';
import type { LocalTemplate } from '../../local/template';
import { SilentMailService } from '../local/mail-service';
import { reader } from '../local/readers';
import { Account, deployedTemplate, type Ended, withChainTimeout } from '../local/whole-run';

/**
 * Runs the same stories with the embedded Step Functions and with moto's, which interprets the same file, and compares
 * what an operator sees: status, error, report, mails and the events of the history. Exit code 1 if they differ.
 */

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

interface Story {
  readonly name: string;
  /** Of the chain function, seconds. */
  readonly timeoutSeconds?: number;
  readonly tell: (account: Account) => Promise<Ended>;
  /** What moto is known to do in its own way, and how. */
  readonly known?: Readonly<Record<string, string>>;
}

const READERS = 40;
const ids = { first: 1, last: READERS };
const job = 'weekly-digest';

const STORIES: readonly Story[] = [
  { name: 'one chain', tell: (account) => account.run({ job, ids, chains: 1 }) },
  { name: 'three chains', tell: (account) => account.run({ job, ids, chains: 3 }) },
  {
    name: 'handoffs',
    tell: (account) => account.run({ job, ids, chains: 2, rate: 20, chunkItems: 4, linkSeconds: 1 }),
  },
  { name: 'no items', tell: (account) => account.run({ job, ids: { first: 1, last: 0 } }) },
  { name: 'invalid input', tell: (account) => account.run({ job, ids, chain: 3 }) },
  {
    name: 'sending paused',
    tell: sendingPaused,
    known: { events: 'moto records no event for the iterations that a failed one aborts' },
  },
  {
    name: 'stopped',
    tell: stopped,
    known: {
      status: 'moto takes the stop of a waiting task for its timeout, and fails',
      error: 'as above',
      events: 'as above',
    },
  },
  {
    name: 'a link that dies',
    timeoutSeconds: 3,
    tell: (account) => account.run({ job, ids, chains: 1, chunkItems: 5 }),
    known: {
      events: 'moto gives a retry the task token of the attempt before, and may hear that one’s failure once more',
      report: 'each retry for nothing may be one more interruption, and leaves its chunk in doubt',
    },
  },
];

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

/** What is to be the same wherever the state machine is interpreted; chains interleave as they like. */
async function observe(account: Account, ended: Ended): Promise<Record<string, unknown>> {
  const { status, error, output } = ended;
  const { planned, done, skipped, unprocessed, inDoubt } = JSON.parse(output ?? '{}');
  const chains = status === 'SUCCEEDED' ? [] : await account.ledger.readChains(ended.name as string);
  return {
    status,
    error: error ?? null,
    report: { planned, done, skipped, unprocessed, inDoubt },
    chains: chains.map((chain) => chain.status).join(' '),
    events: eventCounts(await account.history(ended.executionArn)),
  };
}

function eventCounts(events: readonly HistoryEvent[]): string {
  const counts = new Map<string, number>();
  for (const { type = '' } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .map(([type, count]) => `${type} ${count}`)
    .sort()
    .join(', ');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

async function startMoto(port: number, lambdaEndpoint: string): Promise<ChildProcess> {
  const moto = spawn('python3', [join(__dirname, 'moto_step_functions.py'), '--port', String(port)], {
    env: { ...process.env, AWS_ENDPOINT_URL_LAMBDA: lambdaEndpoint },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return moto;
    if (tries > 300 || moto.exitCode !== null) {
      throw new Error('Expected moto to start, got no answer from it: install it with `pip install moto[all,server]`.');
    }
    await sleep(clock, 100);
  }
}

async function tell(
  story: Story,
  deployed: LocalTemplate,
  stepFunctions: 'embedded' | 'moto',
): Promise<Record<string, unknown>> {
  const [lambdaPort, motoPort] = [await freePort(), await freePort()];
  const mails = story.timeoutSeconds === undefined ? undefined : await SilentMailService.open();
  mails?.silence(reader(7).email);
  const moto = stepFunctions === 'moto' ? await startMoto(motoPort, `http://127.0.0.1:${lambdaPort}`) : undefined;
  const account = await Account.open({
    template: story.timeoutSeconds === undefined ? deployed : withChainTimeout(deployed, story.timeoutSeconds),
    port: lambdaPort,
    replaced: {
      ...(moto && { stepFunctions: `http://127.0.0.1:${motoPort}` }),
      ...(mails && { ses: mails.url }),
    },
  });
  try {
    await account.subscribe(1, READERS, { missing: [3], unsubscribed: [4] });
    const observed = await observe(account, await story.tell(account));
    const received = [...(mails?.inbox ?? account.engine.inbox).countByRecipient().values()];
    return { ...observed, twice: received.filter((count) => count > 1).length };
  } finally {
    await account.close();
    await mails?.close();
    moto?.kill();
  }
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const deployed = await deployedTemplate();
  let surprises = 0;
  for (const story of STORIES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const embedded = await tell(story, deployed, 'embedded');
    const moto = await tell(story, deployed, 'moto');
    process.stdout.write(`${story.name}\n`);
    for (const [key, value] of Object.entries(embedded)) {
      const [here, there] = [JSON.stringify(value), JSON.stringify(moto[key])];
      const known = story.known?.[key];
      if (here === there) process.stdout.write(`  same       ${key} ${here}\n`);
      else if (known) process.stdout.write(`  known      ${key}: ${known}\n`);
      else process.stdout.write(`  DIFFERENT  ${key}\n    embedded ${here}\n    moto     ${there}\n`);
      if (here !== there && !known) surprises += 1;
    }
  }
  return surprises === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? error}\n`);
    process.exit(1);
  },
);
