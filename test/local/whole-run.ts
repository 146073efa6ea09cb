import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { provision } from '../../cli/dev/provision';
import { VARIABLES } from '../../examples/weekly-digest/variables';
import { systemClock as clock } from '../../functions/contract/clock';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { RunInput, RunReport } from '../../functions/contract/payloads';
import type { LeftoverItem } from '../../functions/ledger/items';
import { Ledger } from '../../functions/ledger/ledger';
import { type Engine, type EngineOptions, type ServiceName, startEngine } from '../../local/engine';
import { ENVIRONMENTS_PER_THREAD } from '../../local/lambda/worker-threads';
import type { MailDetail } from '../../local/ses/inbox';
import { type LocalTemplate, readTemplate } from '../../local/template/local-template';
import { type Exceptions, readers } from '../cli/readers';
import { variable } from '../support/deployed-variable';
import { lookUntil } from '../support/look-until';
import { sharedAssembly } from '../support/shared-assembly';

/** A condition is looked at so often before a test gives up: some minute, and longer where the machine is slow to look. */
const MOST_LOOKS = 2000;
const LOOK_MILLISECONDS = 25;

/** Synthesizes the app as `npm start` does. The heartbeat is the construct's shortest: a stop takes effect soon. */
export async function deployedTemplate(context: Readonly<Record<string, unknown>> = {}): Promise<LocalTemplate> {
  return readTemplate(await sharedAssembly({ heartbeatSeconds: 5, ...context }));
}

/** The template with a timeout of the chain function that the construct would refuse as too short. */
export function withChainTimeout(template: LocalTemplate, timeoutSeconds: number): LocalTemplate {
  const functions = template.functions.map((config) =>
    config.logicalId.includes('RunChain') ? { ...config, timeoutSeconds } : config,
  );
  return { ...template, functions };
}

function withoutConfigurationSet(template: LocalTemplate): LocalTemplate {
  const functions = template.functions.map((config) => {
    const { [ENVIRONMENT.configurationSet]: _, ...environment } = config.environment;
    return { ...config, environment };
  });
  return { ...template, functions };
}

export interface AccountOptions {
  readonly template: LocalTemplate;
  /** Mails per second. @default - 2000: no run of a test meets it */
  readonly maxSendRate?: number;
  /** Mails in 24 hours. @default - unlimited */
  readonly max24HourSend?: number;
  /** Services elsewhere, which take the place of embedded ones. */
  readonly replaced?: Partial<Record<ServiceName, string>>;
  /** @default - any free one */
  readonly port?: number;
  /** Addresses at which the functions reach services instead of their own. */
  readonly reachedThrough?: EngineOptions['reachedThrough'];
  /** What becomes of mails. @default - all are delivered */
  readonly fates?: EngineOptions['fates'];
  /** A thread for each environment, as separate as on AWS: for what dies. @default - some share one, as under `dev` */
  readonly isolated?: boolean;
}

export type Ended = DescribeExecutionOutput & { readonly executionArn: string };

/** An AWS account on the embedded engine: whatever happens in it goes through the SDK's clients and real HTTP. */
export class Account {
  readonly documents: DynamoDBDocumentClient;
  readonly ses: SESClient;
  readonly sfn: SFNClient;
  readonly ledger: Ledger;
  private stateMachineArns: readonly string[] = [];

  static async open({
    template: given,
    replaced = {},
    port = 0,
    reachedThrough,
    fates,
    isolated = false,
    ...quota
  }: AccountOptions): Promise<Account> {
    // An SES elsewhere knows none of the template's configuration sets.
    const template = replaced.ses === undefined ? given : withoutConfigurationSet(given);
    const errors: unknown[] = [];
    const engine = await startEngine({
      template,
      port,
      environmentsPerThread: isolated ? 1 : ENVIRONMENTS_PER_THREAD,
      maxSendRate: quota.maxSendRate ?? 2000,
      max24HourSend: quota.max24HourSend ?? -1,
      replaced,
      ...(reachedThrough && { reachedThrough }),
      ...(fates && { fates }),
      onError: (error) => errors.push(error),
    });
    const account = new Account(template, engine, errors);
    account.stateMachineArns = [...(await provision(template, engine, account.sfn)).values()];
    return account;
  }

  private constructor(
    readonly template: LocalTemplate,
    readonly engine: Engine,
    private readonly errors: readonly unknown[],
  ) {
    this.sfn = new SFNClient({ ...engine.client('stepFunctions'), maxAttempts: 1 });
    this.ses = new SESClient({ ...engine.client('ses'), maxAttempts: 1 });
    this.documents = DynamoDBDocumentClient.from(new DynamoDBClient(engine.client('dynamodb')));
    const tableName = variable(template, ENVIRONMENT.ledgerTable);
    this.ledger = new Ledger({ client: this.documents, tableName, clock, random: Math.random });
  }

  /** @throws the first exception that the engine met while it answered a request */
  async close(): Promise<void> {
    await this.engine.close();
    for (const client of [this.sfn, this.ses, this.documents]) client.destroy();
    if (this.errors.length > 0) throw this.errors[0];
  }

  /** Puts a reader into the recipients table for every id from `first` to `last` that is not `missing`. */
  subscribe(first: number, last: number, exceptions: Exceptions = {}): Promise<void> {
    const table = variable(this.template, VARIABLES.recipientsTable);
    return readers(first, last, exceptions).writeTo(this.documents, table);
  }

  /** @param which state machine of the template, in its order. @default - the first */
  async start(input: RunInput | Record<string, unknown>, name = `run-${randomUUID()}`, which = 0): Promise<string> {
    const stateMachineArn = this.stateMachineArns[which];
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    return (await this.sfn.send(command)).executionArn as string;
  }

  async stop(executionArn: string): Promise<void> {
    await this.sfn.send(new StopExecutionCommand({ executionArn }));
  }

  async redrive(executionArn: string): Promise<void> {
    await this.sfn.send(new RedriveExecutionCommand({ executionArn }));
  }

  /** The execution once it has ended, and every link with it. */
  async ended(executionArn: string): Promise<Ended> {
    const describe = () => this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    await this.until('the execution has ended', async () => (await describe()).status !== 'RUNNING');
    await this.engine.lambda.idle();
    return { ...(await describe()), executionArn };
  }

  async run(input: RunInput | Record<string, unknown>, name?: string): Promise<Ended> {
    return this.ended(await this.start(input, name));
  }

  async history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 20, ...(nextToken && { nextToken }) });
      const page = await this.sfn.send(command);
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return events;
  }

  /** Mails per reader, over all ids from `first` to `last` that got one. */
  mails(first: number, last: number): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const [address, count] of this.engine.inbox.countByRecipient()) {
      const id = Number(/^reader\.(\d+)@/.exec(address)?.[1] ?? Number.NaN);
      if (id >= first && id <= last) counts.set(id, count);
    }
    return counts;
  }

  /** The one mail that a reader got, opened. */
  async mailTo(id: number): Promise<MailDetail> {
    const { mails } = this.engine.inbox.list({ search: `reader.${id}@`, offset: 0, limit: 2 });
    if (mails.length !== 1) throw new Error(`Expected one mail to reader ${id}, got ${mails.length}.`);
    return (await this.engine.inbox.get((mails[0] as { messageId: string }).messageId)) as MailDetail;
  }

  async leftovers(runId: string): Promise<readonly LeftoverItem[]> {
    return (await this.ledger.listItems(runId)).items;
  }

  /** Looks again and again until `holds`. @throws after 2,000 looks, naming what never came */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    return lookUntil(what, holds, { mostLooks: MOST_LOOKS, lookMilliseconds: LOOK_MILLISECONDS });
  }
}

/** The report of a run that succeeded. @throws with the error and the cause of one that did not */
export function reportOf({ status, output, error, cause }: Ended): RunReport {
  if (status !== 'SUCCEEDED') throw new Error(`Expected the execution to succeed, got ${status}: ${error}: ${cause}`);
  return JSON.parse(output as string) as RunReport;
}

/** The sentence of an execution that a function refused: Lambda wraps it in JSON. */
export function sentenceOf({ cause }: Ended): string {
  return (JSON.parse(cause as string) as { errorMessage: string }).errorMessage;
}

/** `{id: 1}` for every id from `first` to `last` but `others`: exactly one mail each. */
export function oneEach(first: number, last: number, others: readonly number[] = []): ReadonlyMap<number, number> {
  const ids = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return new Map(ids.filter((id) => !others.includes(id)).map((id) => [id, 1]));
}
