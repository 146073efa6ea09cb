import { readAddress } from '../functions/email/address';
import { type Recipients, recipientKeyOf, type Standing, suppressionOf } from '../functions/ledger/recipients';
import { Failure, UsageError } from './command-line';
import type { DeployedFlags, JsonFlag } from './command-parts';
import { openDeployment } from './deployment/open-deployment';
import { moment, print, say } from './output';

/** As for a question that is answered no. */
const NO = 3;

const CHANGES = ['restore', 'unsubscribe', 'resubscribe'] as const;
type Change = (typeof CHANGES)[number];

interface RecipientFlags extends DeployedFlags, JsonFlag, Partial<Record<Change, boolean | undefined>> {}

/**
 * `worker-chains recipient`: whether an address may be mailed, and why not; and what a person changes about it by hand.
 * Answers the exit code: 0 where the job may mail it, or what was asked for is done; 3 where it may not.
 *
 * @throws UsageError where it is no address, or two changes are asked for; Failure where there is nothing to change
 */
export async function recipient({ json, ...flags }: RecipientFlags, given: string): Promise<number> {
  const [change, ...others] = CHANGES.filter((one) => flags[one]);
  if (others.length > 0) {
    throw new UsageError(
      `Expected one of ${CHANGES.map((one) => `--${one}`).join(', ')}, got --${change} and --${others[0]}: do one after the other.`,
    );
  }
  const reading = readAddress(given);
  if ('fault' in reading) {
    throw new UsageError(`Expected ADDRESS to be one like user@example.com, got ${reading.fault}.`);
  }
  const { address } = reading;
  const { deployment, ledger } = await openDeployment(flags);
  const { job } = deployment;
  const about: About = { address, job, key: recipientKeyOf(address) };
  const before = await ledger.recipients.readOne(about.key);
  if (change !== undefined) await changes[change](about, before, ledger.recipients);
  const standing = change === undefined ? before : await ledger.recipients.readOne(about.key);
  const suppression = suppressionOf(standing, job);
  if (json) print(jsonOf(about, standing));
  else for (const sentence of sentencesOf(about, standing, change === 'restore')) say(sentence);
  return change === undefined && suppression !== undefined ? NO : 0;
}

interface About {
  readonly address: string;
  /** Name of the job, which is the list that people are taken off. */
  readonly job: string;
  readonly key: string;
}

/** What is done for each of the changes. */
const changes: Readonly<Record<Change, (about: About, before: Standing, recipients: Recipients) => Promise<void>>> = {
  async restore({ address, key }, { bouncedAt, complainedAt }, recipients) {
    if (bouncedAt === undefined && complainedAt === undefined) {
      throw new Failure(
        `Expected ${address} to have bounced or complained, got one that has not: there is nothing to restore.`,
      );
    }
    await recipients.restore(key);
  },
  async unsubscribe({ key, job }, _, recipients) {
    await recipients.unsubscribe(key, job, Date.now());
  },
  async resubscribe({ address, key, job }, { unsubscribed }, recipients) {
    if (!Object.hasOwn(unsubscribed, job)) {
      throw new Failure(
        `Expected ${address} to be off the list of ${job}, got one that is not: there is nothing to take back.`,
      );
    }
    await recipients.resubscribe(key, job);
  },
};

function sentencesOf({ address, job }: About, standing: Standing, isRestored: boolean): readonly string[] {
  const { bouncedAt, complainedAt, unsubscribed } = standing;
  const lists = Object.entries(unsubscribed).sort(([a], [b]) => (a < b ? -1 : 1));
  const isMailed = suppressionOf(standing, job) === undefined;
  return [
    `${address}: ${isMailed ? `${job} may mail it` : `${job} does not mail it`}.`,
    ...(bouncedAt === undefined ? [] : [`  bounced for good ${moment(bouncedAt)}: no job of this ledger mails it`]),
    ...(complainedAt === undefined ? [] : [`  complained ${moment(complainedAt)}: no job of this ledger mails it`]),
    ...lists.map(([list, at]) => `  unsubscribed from ${list} ${moment(at)}`),
    // It bounces there by itself, and is suppressed here again.
    ...(isRestored
      ? [
          `  SES may still have it on its own list: aws sesv2 delete-suppressed-destination --email-address ${quoted(address)}`,
        ]
      : []),
  ];
}

function jsonOf({ address, job, key }: About, standing: Standing): object {
  const { bouncedAt, complainedAt, unsubscribed } = standing;
  const iso = (at: number) => new Date(at).toISOString();
  return {
    ...{ address, recordKey: key, job, mayBeMailed: suppressionOf(standing, job) === undefined },
    ...(bouncedAt !== undefined && { bouncedAt: iso(bouncedAt) }),
    ...(complainedAt !== undefined && { complainedAt: iso(complainedAt) }),
    unsubscribed: Object.fromEntries(Object.entries(unsubscribed).map(([list, at]) => [list, iso(at)])),
  };
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w@.+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
