import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { seedRecipients } from '../../examples/weekly-digest/seed';
import { VARIABLES } from '../../examples/weekly-digest/variables';
import { systemClock as clock } from '../../functions/clients';
import { sleep } from '../../functions/contract/clock';
import { ENVIRONMENT } from '../../functions/contract/names';
import { Ledger } from '../../functions/ledger/ledger';
import { activeRunKey } from '../../functions/ledger/records';
import { ENDPOINT_VARIABLES, type Engine, type ServiceName, startEngine } from '../../local/engine';
import { type LocalTemplate, readTemplate, synthesize } from '../../local/template/local-template';
import { Monitor } from '../../page/monitor';
import { createPage } from '../../page/page-server';
import { pageSource } from '../../page/page-source';
import type { RunView } from '../../page/view';
import { printable, printableError } from '../printable';
import { type KeptRun, keepRun, resumedOptions } from './kept-run';
import { type StartOptions, UsageError } from './options';
import { Progress } from './progress';
import { functionName, provision, variable } from './provision';
import { printReport, type StartReport, startReport } from './run-report';

const REFRESH_MILLISECONDS = 500;
/** Every chain hands over a few times, even in a short demonstration. */
const LINKS_PER_CHAIN = 4;
const SHORTEST_LINK_SECONDS = 2;
const LONGEST_LINK_SECONDS = 60;
/** Share of the account's sending rate that a run takes: the construct's default. */
const SEND_SHARE = 0.8;
/** Short, so that a stopped run ends while one watches. */
const HEARTBEAT_SECONDS = 10;
const SERVICES = Object.keys(ENDPOINT_VARIABLES) as ServiceName[];

/** One `npm start`: the engine, one run on it, and what a person sees of both. */
export class Session {
  readonly monitor: Monitor;
  private readonly terminal: NodeJS.WriteStream;
  private readonly progress: Progress;
  private readonly sfn: SFNClient;
  private readonly ledger: Ledger;
  private executionArn?: string;
  private stopping = false;
  private ended = false;
  private stopAtOnce = false;
  private mailsBefore = 0;
  private mails = 0;
  private interrupted: () => void = () => {};
  private readonly untilInterrupted = new Promise<void>((resolve) => {
    this.interrupted = resolve;
  });

  /** Synthesizes the app and starts the engine. @throws UsageError for what the command line asks in vain */
  static async open(given: StartOptions, scratch: string): Promise<Session> {
    const { options, kept } = resumedOptions(given);
    const replaced = replacedServices();
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
        replaced,
        page: createPage(pageSource(() => session)),
        onInvocation: (record) => session?.monitor.observe(record),
        onError: (error) => process.stderr.write(`${printableError(error)}\n`),
      }),
    );
    session = new Session(options, template, engine, kept);
    return session;
  }

  private constructor(
    private readonly options: StartOptions,
    private readonly template: LocalTemplate,
    readonly engine: Engine,
    private readonly kept?: KeptRun,
  ) {
    this.terminal = options.json ? process.stderr : process.stdout;
    this.progress = new Progress(this.terminal);
    this.sfn = new SFNClient({ ...engine.client('stepFunctions'), maxAttempts: 1 });
    const tableName = variable(template, ENVIRONMENT.ledgerTable);
    this.ledger = new Ledger({ client: this.documents(), tableName, clock, random: Math.random });
    this.monitor = new Monitor({
      sfn: this.sfn,
      ledger: this.ledger,
      clock,
      definition: template.stateMachine.definition,
      chainFunction: functionName(template, 'RunChain'),
      mails: () => this.mails,
      listLeftovers: (runId) => this.leftoversCommand(runId, tableName),
      endpoints: Object.fromEntries(SERVICES.map((name) => [ENDPOINT_VARIABLES[name], engine.endpoints[name]])),
    });
  }

  /** Prepares the account, runs the rule's own input – or resumes the kept run – to its end, and reports. */
  async run(): Promise<StartReport> {
    const { items, chains, rate, json } = this.options;
    this.say(`${items} ids, ${chains} chains, ${rate} mails/s · ${this.engine.url}`);
    const stateMachineArn = await provision(this.template, this.engine, this.sfn);
    const input = this.options.resume ? await this.resumption() : await this.prepare();
    this.executionArn = await this.start(stateMachineArn, input);
    if (this.stopAtOnce) this.interrupt();
    const view = await this.follow(this.executionArn);
    this.ended = true;
    this.progress.end(view);
    const report = startReport(view);
    this.say(printReport(report, view));
    this.sayWhereToLook();
    if (json) process.stdout.write(`${printable(JSON.stringify(report))}\n`);
    return report;
  }

  /** Stops the execution; the chains end within a heartbeat interval. Or ends `serve`. */
  interrupt(): void {
    this.interrupted();
    const executionArn = this.executionArn;
    // Nothing to stop yet: the execution is stopped as soon as it is there, and reported like any other.
    this.stopAtOnce = executionArn === undefined;
    if (executionArn === undefined || this.stopping || this.ended) return;
    this.say('\nStopping the execution …');
    this.stopping = true;
    this.sfn
      .send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'Ctrl-C' }))
      .catch((error: Error) => this.say(`The execution could not be stopped: ${printable(error.message)}`));
  }

  /** Keeps the page and the endpoints up until Ctrl-C. */
  async serve(): Promise<void> {
    const { accessKeyId, secretAccessKey } = this.engine.client('ses').credentials;
    this.say('\nServing until Ctrl-C. For the AWS CLI and the SDKs:\n');
    for (const name of SERVICES) this.say(`  export ${ENDPOINT_VARIABLES[name]}=${this.engine.endpoints[name]}`);
    this.say('  export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1');
    this.say(`  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
    await this.untilInterrupted;
  }

  async close(): Promise<void> {
    this.sfn.destroy();
    await this.engine.close();
  }

  /** Seeds the recipients; answers what the rule would start now: its own input, with the event's own time. */
  private async prepare(): Promise<Record<string, unknown>> {
    const { items, chains, keep, seed } = this.options;
    const input = this.template.rule.input(new Date(clock.now()));
    const active = keep === undefined ? undefined : await this.activeRun(String(input.job));
    if (active !== undefined) {
      throw new UsageError(
        `Expected ${keep} to hold no unfinished run, got ${active}: go on with it by --resume, or keep the new one elsewhere.`,
      );
    }
    // Warm environments, so that what one watches is the run and not forty cold starts on one machine.
    const warm = this.engine.prewarm(functionName(this.template, 'RunChain'), chains);
    await seedRecipients(this.documents(), variable(this.template, VARIABLES.recipientsTable), {
      first: 1,
      last: items,
      seed,
      clock,
    });
    await warm;
    this.mailsBefore = await this.countMails();
    if (keep !== undefined) keepRun(keep, this.options, this.mailsBefore);
    return input;
  }

  /** The input with which a new execution takes up the kept run. */
  private async resumption(): Promise<Record<string, unknown>> {
    const job = String(this.template.rule.input(new Date(clock.now())).job);
    const runId = await this.activeRun(job);
    if (runId === undefined) {
      throw new UsageError(
        `Expected ${this.options.keep} to hold an unfinished run, got one that is finished: start a new one without --resume.`,
      );
    }
    // The execution that held the job's place ended with its process: nobody here could tell of it any more.
    await this.ledger.deactivate(job, runId);
    this.mailsBefore = this.kept?.mailsBefore ?? 0;
    this.say(`Resuming ${printable(runId)}`);
    return { job, resume: runId };
  }

  private async activeRun(job: string): Promise<string | undefined> {
    return (await this.ledger.claims.read(activeRunKey(job)))?.runId;
  }

  private async start(stateMachineArn: string, input: Record<string, unknown>): Promise<string> {
    const name = `${input.job}-${randomUUID().slice(0, 8)}`;
    const { executionArn } = await this.sfn.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
    return executionArn as string;
  }

  private async follow(executionArn: string): Promise<RunView> {
    for (;;) {
      this.mails = (await this.countMails()) - this.mailsBefore;
      const view = await this.monitor.refresh(executionArn);
      if (view.execution?.status !== 'RUNNING') {
        // After a stop the chains find out at their next heartbeat; what they settle then belongs to the report.
        await this.engine.lambda.idle();
        this.mails = (await this.countMails()) - this.mailsBefore;
        return this.monitor.refresh(executionArn);
      }
      this.progress.show(view);
      await sleep(clock, REFRESH_MILLISECONDS);
    }
  }

  /** Mails that SES has accepted: the inbox, or what another SES says. */
  private async countMails(): Promise<number> {
    if (this.engine.endpoints.ses === this.engine.url) return this.engine.inbox.size;
    const ses = new SESClient(this.engine.client('ses'));
    const { SentLast24Hours = 0 } = await ses.send(new GetSendQuotaCommand({}));
    ses.destroy();
    return SentLast24Hours;
  }

  /** Works as long as the ledger is up: with `--serve`, or where another DynamoDB was named. */
  private leftoversCommand(runId: string, tableName: string): string {
    const { accessKeyId, secretAccessKey } = this.engine.client('dynamodb').credentials;
    const endpoint = this.engine.endpoints.dynamodb;
    const embedded = endpoint === this.engine.url;
    return [
      `${ENDPOINT_VARIABLES.dynamodb}=${endpoint}`,
      ...(embedded
        ? [`AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`]
        : []),
      `npm run cli -- leftovers ${shellWord(runId)} --table ${shellWord(tableName)}`,
      ...(embedded && !this.options.serve ? ['# only while the ledger is up: run with --serve'] : []),
    ].join(' ');
  }

  private sayWhereToLook(): void {
    if (this.options.serve) this.say(`\nThe execution, its history and every mail: ${this.engine.url}`);
    else this.say('\nWith --serve the page stays up: the execution, its history, and every mail.');
  }

  private say(text: string): void {
    this.progress.release();
    this.terminal.write(`${text}\n`);
  }

  private documents(): DynamoDBDocumentClient {
    return DynamoDBDocumentClient.from(new DynamoDBClient({ ...this.engine.client('dynamodb'), maxAttempts: 1 }));
  }
}

/** A name as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Settings of the app for this demonstration. */
function contextFor({ items, chains, rate }: StartOptions): Record<string, unknown> {
  const seconds = items / (rate * SEND_SHARE) / LINKS_PER_CHAIN;
  const linkSeconds = Math.min(LONGEST_LINK_SECONDS, Math.max(SHORTEST_LINK_SECONDS, Math.round(seconds)));
  return { items, chains, linkSeconds, heartbeatSeconds: HEARTBEAT_SECONDS };
}

function replacedServices(): Partial<Record<ServiceName, string>> {
  const set = SERVICES.map((name) => [name, process.env[ENDPOINT_VARIABLES[name]]] as const);
  const replaced = set.filter(([, endpoint]) => endpoint);
  for (const [name, endpoint = ''] of replaced) {
    if (/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)) continue;
    throw new UsageError(
      `Expected ${ENDPOINT_VARIABLES[name]} to be the address of a service, got ${endpoint}: for example http://127.0.0.1:5000, or unset it.`,
    );
  }
  return Object.fromEntries(replaced);
}

/** Takes the port that was asked for; the default one gives way to any free one when it is taken. */
async function openPort(options: StartOptions, open: (port: number) => Promise<Engine>): Promise<Engine> {
  try {
    return await open(options.port);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    if (options.portIsDefault) return open(0);
    throw new UsageError(
      `Expected --port to be free, got ${options.port}, which is taken: choose another, or 0 for any.`,
    );
  }
}
