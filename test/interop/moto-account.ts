import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '../../functions/contract/clock';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { RunInput } from '../../functions/contract/payloads';
import { activeRunKey } from '../../functions/ledger/records';
import { Account, deployedTemplate, type Ended } from '../local/whole-run';
import { variable } from '../support/deployed-variable';
import { freePort } from '../support/free-port';
import { lookUntil } from '../support/look-until';
import type { Checks } from './checks';
import { Moto } from './moto';
import { NoticesOnMoto } from './notices-on-moto';

/** Several times what the longest run here takes, at one mail a second. Looks, not seconds: a slow machine looks slowly. */
const MOST_LOOKS = 1500;
const LOOK_MILLISECONDS = 200;
/** Step Functions keeps executions for 90 days after their end. */
const FORGOTTEN_MILLISECONDS = 91 * 24 * 3600 * 1000;

export interface ListedItem {
  readonly id: number;
  readonly code: string;
}

/** One account, twice: its tables, its SES and its SNS are moto's, the functions alone are ours. */
export class MotoAccount {
  static async open(checks: Checks): Promise<MotoAccount> {
    const template = await deployedTemplate();
    const port = await freePort();
    const moto = await Moto.start(`http://127.0.0.1:${port}`);
    const services = { dynamodb: moto.endpoint, ses: moto.endpoint, sns: moto.endpoint };
    const replaced = { ...services, stepFunctions: moto.endpoint };
    const account = await Account.open({ template, port, replaced, isolated: true });
    const notices = await NoticesOnMoto.subscribe(checks, moto.endpoint, variable(template, ENVIRONMENT.noticeTopic));
    const embedded = await Account.open({ template, replaced: services, isolated: true });
    return new MotoAccount(checks, moto, account, embedded, notices);
  }

  private constructor(
    private readonly checks: Checks,
    private readonly moto: Moto,
    /** With moto's Step Functions. */
    readonly onMoto: Account,
    /** With the embedded Step Functions, which can redrive. */
    readonly onEmbedded: Account,
    /** What the account's topic of tickets tells. */
    readonly notices: NoticesOnMoto,
  ) {}

  async close(): Promise<void> {
    await this.onMoto.close();
    await this.onEmbedded.close();
    this.notices.close();
    this.moto.close();
  }

  /** Runs an execution to its end, and every link with it. */
  async run(input: RunInput, name: string): Promise<Ended> {
    return this.ended(this.onMoto, await this.onMoto.start(input, name));
  }

  async ended(account: Account, executionArn: string): Promise<Ended> {
    const describe = new DescribeExecutionCommand({ executionArn });
    await this.until('the execution has ended', async () => (await account.sfn.send(describe)).status !== 'RUNNING');
    return account.ended(executionArn);
  }

  /**
   * Stops an execution and waits for the last link to end. A chain is `interrupted` where a link noticed, and may stay
   * `handed-off` where none did: what counts is that nothing holds it any more.
   */
  async stop(account: Account, executionArn: string, runId: string): Promise<Ended> {
    await account.stop(executionArn);
    const stopped = await this.ended(account, executionArn);
    const statuses = (await this.chains(runId)).map(({ status }) => status);
    this.checks.holds(`stopping ${runId} ends its chains: ${statuses}`, !statuses.includes('running'), statuses);
    return stopped;
  }

  /** Stops an execution as soon as `count` readers of these ids have a mail. */
  async stopAfter(count: number, ids: Range, account: Account, executionArn: string, runId: string): Promise<Ended> {
    await this.until(`${count} readers have a mail`, async () => (await this.mails(ids)).size >= count);
    return this.stop(account, executionArn, runId);
  }

  /**
   * Says of the job's last run that its execution was seen so long ago that Step Functions may have forgotten it: the
   * interpreters do not know each other's executions, and one that was never heard of may be one that begins.
   */
  async forgetExecution(job: string): Promise<void> {
    await this.onMoto.documents.send(
      new UpdateCommand({
        TableName: variable(this.onMoto.template, ENVIRONMENT.ledgerTable),
        Key: activeRunKey(job),
        UpdateExpression: 'SET #at = :at',
        ConditionExpression: 'attribute_exists(#at)',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':at': clock.now() - FORGOTTEN_MILLISECONDS },
      }),
    );
  }

  /** Mails per reader of these ids, as moto recorded them. */
  async mails({ first, last }: Range): Promise<ReadonlyMap<number, number>> {
    const counts = new Map<number, number>();
    for (const [address, count] of await this.moto.mailsByRecipient()) {
      const id = Number(/^reader\.(\d+)@/.exec(address)?.[1] ?? Number.NaN);
      if (id >= first && id <= last) counts.set(id, count);
    }
    return counts;
  }

  /** Checks that these readers, and nobody else of the range, have one mail each. */
  async hasMailedOnce(what: string, ids: Range, readers = everyId(ids)): Promise<void> {
    const counts = [...(await this.mails(ids))].sort(([a], [b]) => a - b);
    const got = JSON.stringify(counts);
    const expected = JSON.stringify(readers.map((id) => [id, 1]));
    this.checks.holds(`${what}: one mail to each of ${readers.length}`, got === expected, `${got} as [id, mails]`);
  }

  chains(runId: string) {
    return this.onMoto.ledger.readChains(runId);
  }

  /** What the command prints, run as an operator runs it, with state machine and ledger on moto. */
  async listedLeftovers(runId: string): Promise<readonly ListedItem[]> {
    const { stdout } = await promisify(execFile)(
      'npm',
      ['run', '--silent', 'cli', '--', 'leftovers', runId, '--json', '--outcome', 'unprocessed'],
      {
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: this.moto.endpoint,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
        },
      },
    );
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ListedItem)
      .sort((a, b) => a.id - b.id);
  }

  /** @throws after 1,500 looks, naming what never came */
  until(what: string, holds: () => Promise<boolean>): Promise<void> {
    return lookUntil(what, holds, { mostLooks: MOST_LOOKS, lookMilliseconds: LOOK_MILLISECONDS });
  }
}

export interface Range {
  readonly first: number;
  readonly last: number;
}

function everyId({ first, last }: Range): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
