import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { GetSendQuotaCommand, SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { sleep } from '../functions/chain/clock';
import { ENVIRONMENT } from '../functions/chain/constants';
import { Ledger } from '../functions/chain/ledger/ledger';
import { systemClock as clock } from '../functions/clients';
import { ENDPOINT_VARIABLES, type Engine, type ServiceName, startEngine } from './engine';
import { Monitor } from './monitor';
import { type StartOptions, UsageError } from './options';
import { createPage } from './page/server';
import type { PageSource, RunView } from './page/view';
import { Progress } from './progress';
import { seedRecipients } from './recipients';
import { printReport, type StartReport, startReport } from './run-report';
import { type LocalTemplate, readTemplate, synthesize } from './template';

const REFRESH_MILLISECONDS = 500;
/** Every chain hands over a few times, even in a short demonstration. */
const LINKS_PER_CHAIN = 4;
const SHORTEST_LINK_SECONDS = 2;
const LONGEST_LINK_SECONDS = 60;
/** Share of the account's sending rate that a run takes: the construct's default. */
const SEND_SHARE = 0.8;
/** Short, so that a stopped run ends while one watches. */
const HEARTBEAT_SECONDS = 10;

/** One `npm start`: the engine, one run on it, and what a person sees of both. */
export class Session {
  private readonly terminal: NodeJS.WriteStream;
  private readonly sfn: SFNClient;
  private readonly monitor: Monitor;
  private executionArn?: string;
  private stopping = false;
  private mailsBefore = 0;
  private mails = 0;
  private interrupted: () => void = () => {};
  private readonly untilInterrupted = new Promise<void>((resolve) => {
    this.interrupted = resolve;
  });

  static async open(options: StartOptions, scratch: string): Promise<Session> {
    const output = join(scratch, 'cdk.out');
    await synthesize(output, contextFor(options));
    const template = readTemplate(output);
    // The page and the invocations reach the session once it is there.
    let session: Session | undefined;
    const engine = await openPort(options, (port) =>
      startEngine({
        template,
        port,
        maxSendRate: options.rate,
        max24HourSend: Math.max(50_000, 2 * options.items),
        ...(options.keep !== undefined && { keep: options.keep }),
        replaced: replacedServices(),
        page: createPage(pageSource(() => session)),
        onInvocation: (record) => session?.monitor.observe(record),
        onError: (error) => process.stderr.write(`${(error as Error).stack ?? error}\n`),
      }),
    );
    session = new Session(options, template, engine);
    return session;
  }

  private constructor(
    private readonly options: StartOptions,
    private readonly template: LocalTemplate,
    private readonly engine: Engine,
  ) {
    this.terminal = options.json ? process.stderr : process.stdout;
    this.sfn = new SFNClient({ ...engine.client('stepFunctions'), maxAttempts: 1 });
    this.monitor = new Monitor({
      sfn: this.sfn,
      ledger: new Ledger({
        client: this.documents(),
        tableName: this.variable(ENVIRONMENT.ledgerTable),
        clock,
        random: Math.random,
      }),
      clock,
      definition: template.stateMachine.definition,
      chainFunction: this.functionWith('RunChain'),
      mails: () => this.mails,
      endpoints: Object.fromEntries(
        (Object.keys(ENDPOINT_VARIABLES) as ServiceName[]).map((name) => [
          ENDPOINT_VARIABLES[name],
          engine.endpoints[name],
        ]),
      ),
    });
  }

  /** Prepares the account, runs the rule's own input to its end, and reports. */
  async run(): Promise<StartReport> {
    const { items, chains, rate } = this.options;
    this.say(`${items} ids, ${chains} chains, ${rate} mails/s · ${this.engine.url}`);
    await this.prepare();
    this.executionArn = await this.start();
    const progress = new Progress(this.terminal);
    const view = await this.follow(progress);
    progress.end(view);
    const report = startReport(view);
    this.say(printReport(report, view));
    this.sayWhereToLook();
    if (this.options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return report;
  }

  /** Stops the execution; the chains end within a heartbeat interval. Or ends `serve`. */
  interrupt(): void {
    this.interrupted();
    const executionArn = this.executionArn;
    if (executionArn === undefined || this.stopping) return;
    this.say('\nStopping the execution …');
    this.stopping = true;
    this.sfn
      .send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'Ctrl-C' }))
      .catch((error: Error) => this.say(`The execution could not be stopped: ${error.message}`));
  }

  /** Keeps the page and the endpoints up until Ctrl-C. */
  async serve(): Promise<void> {
    this.say('\nServing until Ctrl-C. For the AWS CLI and the SDKs:\n');
    for (const name of Object.keys(ENDPOINT_VARIABLES) as ServiceName[]) {
      this.say(`  export ${ENDPOINT_VARIABLES[name]}=${this.engine.endpoints[name]}`);
    }
    const { accessKeyId, secretAccessKey } = this.engine.client('ses').credentials;
    this.say(`  export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1`);
    this.say(`  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
    await this.untilInterrupted;
  }

  async close(): Promise<void> {
    this.sfn.destroy();
    await this.engine.close();
  }

  private async prepare(): Promise<void> {
    const { template, engine } = this;
    const dynamoDb = new DynamoDBClient(engine.client('dynamodb'));
    for (const { tableName, hashKey, rangeKey } of template.tables) {
      const keys = rangeKey ? [hashKey, rangeKey] : [hashKey];
      await dynamoDb
        .send(
          new CreateTableCommand({
            TableName: tableName,
            KeySchema: keys.map(({ name }, index) => ({
              AttributeName: name,
              KeyType: index === 0 ? 'HASH' : 'RANGE',
            })),
            AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
            BillingMode: 'PAY_PER_REQUEST',
          }),
        )
        .catch(unless('ResourceInUseException'));
      await waitUntilTableExists(
        { client: dynamoDb, maxWaitTime: 30, minDelay: 0.05, maxDelay: 1 },
        { TableName: tableName },
      );
    }
    const { name, definition, roleArn } = template.stateMachine;
    await this.sfn
      .send(new CreateStateMachineCommand({ name, definition, roleArn }))
      .catch(unless('StateMachineAlreadyExists'));
    await seedRecipients(this.documents(), this.variable(ENVIRONMENT.recipientsTable), {
      first: 1,
      last: this.options.items,
      seed: this.options.seed,
      clock,
    });
    if (engine.endpoints.ses !== engine.url) {
      const ses = new SESClient(engine.client('ses'));
      await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: this.variable(ENVIRONMENT.sender) }));
    }
    this.mailsBefore = await this.countMails();
    engine.prewarm(this.functionWith('RunChain'), this.options.chains);
  }

  /** Starts what the rule would start now: its own input, with the event's own time. */
  private async start(): Promise<string> {
    const input = this.template.rule.input(new Date(clock.now()));
    const { executionArn } = await this.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: this.template.stateMachine.arn,
        name: `${input.job}-${randomUUID().slice(0, 8)}`,
        input: JSON.stringify(input),
      }),
    );
    return executionArn as string;
  }

  private async follow(progress: Progress): Promise<RunView> {
    for (;;) {
      this.mails = (await this.countMails()) - this.mailsBefore;
      const view = await this.monitor.refresh(this.executionArn as string);
      if (view.execution?.status !== 'RUNNING') {
        // After a stop the chains find out at their next heartbeat; what they settle then belongs to the report.
        await this.engine.lambda.idle();
        this.mails = (await this.countMails()) - this.mailsBefore;
        return this.monitor.refresh(this.executionArn as string);
      }
      progress.show(view);
      await sleep(clock, REFRESH_MILLISECONDS);
    }
  }

  private async countMails(): Promise<number> {
    if (this.engine.endpoints.ses === this.engine.url) return this.engine.inbox.size;
    const ses = new SESClient(this.engine.client('ses'));
    return (await ses.send(new GetSendQuotaCommand({}))).SentLast24Hours ?? 0;
  }

  private sayWhereToLook(): void {
    if (this.options.serve) this.say(`\nThe execution, its history and every mail: ${this.engine.url}`);
    else this.say('\nWith --serve the page stays up: the execution, its history, and every mail.');
  }

  private say(text: string): void {
    this.terminal.write(`${text}\n`);
  }

  private documents(): DynamoDBDocumentClient {
    return DynamoDBDocumentClient.from(new DynamoDBClient({ ...this.engine.client('dynamodb'), maxAttempts: 1 }));
  }

  private functionWith(logicalId: string): string {
    const found = this.template.functions.filter((candidate) => candidate.logicalId.includes(logicalId));
    if (found.length !== 1) throw new Error(`Expected one ${logicalId} function in the template, got ${found.length}.`);
    return (found[0] as (typeof found)[0]).functionName;
  }

  private variable(name: string): string {
    for (const { environment } of this.template.functions) {
      const value = environment[name];
      if (value !== undefined) return value;
    }
    throw new Error(`Expected a function in the template to have the variable ${name}, got none.`);
  }

  /** What the page shows of this session. */
  static source(session: Session): PageSource {
    return {
      run: () => session.monitor.view(),
      history: async (after, limit) => session.monitor.history(after, limit),
      mails: async (query) => {
        const { total, mails } = session.engine.inbox.list(query);
        return { total, mails: mails.map(mailSummary) };
      },
      async mail(messageId) {
        const mail = await session.engine.inbox.get(messageId);
        return mail && { ...mail, ...mailSummary(mail), raw: mail.raw.toString('utf8') };
      },
    };
  }
}

function mailSummary(mail: {
  messageId: string;
  sentAt: number;
  from: string;
  destinations: readonly string[];
  subject: string;
}) {
  const { messageId, sentAt, from, destinations, subject } = mail;
  return { messageId, sentAt: new Date(sentAt).toISOString(), from, to: destinations.join(', '), subject };
}

/** The page may be asked before there is a session: then it waits for one. */
function pageSource(current: () => Session | undefined): PageSource {
  const source = () => {
    const session = current();
    if (!session) throw new Error('The engine is starting.');
    return Session.source(session);
  };
  return {
    run: async () => source().run(),
    history: async (after, limit) => source().history(after, limit),
    mails: async (query) => source().mails(query),
    mail: async (messageId) => source().mail(messageId),
  };
}

function contextFor({ items, chains, rate }: StartOptions): Record<string, unknown> {
  const seconds = items / (rate * SEND_SHARE) / LINKS_PER_CHAIN;
  const linkSeconds = Math.min(LONGEST_LINK_SECONDS, Math.max(SHORTEST_LINK_SECONDS, Math.round(seconds)));
  return { items, chains, linkSeconds, heartbeatSeconds: HEARTBEAT_SECONDS };
}

function replacedServices(): Partial<Record<ServiceName, string>> {
  const replaced: Partial<Record<ServiceName, string>> = {};
  for (const name of Object.keys(ENDPOINT_VARIABLES) as ServiceName[]) {
    const endpoint = process.env[ENDPOINT_VARIABLES[name]];
    if (endpoint) replaced[name] = endpoint;
  }
  return replaced;
}

/** Takes the port that was asked for; the default one gives way to any free one when it is taken. */
async function openPort(options: StartOptions, open: (port: number) => Promise<Engine>): Promise<Engine> {
  try {
    return await open(options.port);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    if (!options.portIsDefault) {
      throw new UsageError(
        `Expected --port to be free, got ${options.port}, which is taken: choose another, or 0 for any.`,
      );
    }
    return open(0);
  }
}

function unless(name: string) {
  return (error: unknown) => {
    if ((error as Error).name !== name) throw error;
  };
}
