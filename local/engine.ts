import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { systemClock } from '../functions/contract/clock';
import { ClosableClock } from './closable-clock';
import { DynamoDB } from './dynamodb/dynamodb-service';
import { EventPath, type EventPathOptions } from './event-path';
import { type HttpServer, type HttpServerOptions, startHttpServer } from './http/aws-server';
import type { BatchOutcome } from './lambda/event-source-mapping';
import { answerUrl } from './lambda/function-url';
import type { InvocationRecord } from './lambda/invocations';
import { Lambda } from './lambda/lambda-service';
import { WorkerThreadRuntime } from './lambda/worker-threads';
import { S3, type S3Options } from './s3/s3-service';
import { SecretsManager } from './secrets/secrets-manager';
import { Inbox } from './ses/inbox';
import { Ses } from './ses/ses-service';
import { type Published, Sns } from './sns/sns-service';
import { Sqs } from './sqs/sqs-service';
import { StepFunctions } from './step-functions/step-functions-service';
import type { LocalTemplate } from './template/local-template';

/** The services, and the environment variable with which the SDK and the CLI find each. */
export const ENDPOINT_VARIABLES = {
  stepFunctions: 'AWS_ENDPOINT_URL_SFN',
  lambda: 'AWS_ENDPOINT_URL_LAMBDA',
  ses: 'AWS_ENDPOINT_URL_SES',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  s3: 'AWS_ENDPOINT_URL_S3',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  secrets: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  sns: 'AWS_ENDPOINT_URL_SNS',
} as const;

export type ServiceName = keyof typeof ENDPOINT_VARIABLES;

export const REGION = 'us-east-1';
const ACCOUNT_ID = '123456789012';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface EngineOptions {
  readonly template: LocalTemplate;
  /** Port on loopback; 0 takes any free one. */
  readonly port: number;
  /** Recipients per second that the account may send to. */
  readonly maxSendRate: number;
  /** Recipients that the account may send to in 24 hours; -1 = unlimited. */
  readonly max24HourSend: number;
  /**
   * Directory that keeps the tables, the objects and the inbox; executions end with the process. What was answered survives it.
   * @default - nothing is kept
   */
  readonly keep?: string;
  /** Endpoints that replace an embedded service. */
  readonly replaced: Partial<Record<ServiceName, string>>;
  /**
   * Addresses at which the functions reach services instead of their own, once the port is known.
   * @default - those of the services
   */
  readonly reachedThrough?: (port: number) => Promise<Partial<Record<ServiceName, string>>>;
  /** What becomes of mails with a configuration set beyond the simulator's addresses. @default - all are delivered */
  readonly fates?: EventPathOptions['fates'];
  /** Copies of each event of SES and how late they are. @default - one copy, at once */
  readonly lateness?: EventPathOptions['lateness'];
  /** Answers whatever is no call of a service. Resolves to false where it does not. */
  readonly page?: HttpServerOptions['page'];
  /** As `WorkerThreadRuntimeOptions` has it. @default 1 - as separate as on AWS */
  readonly environmentsPerThread?: number;
  /** Called with what is published to a topic. */
  readonly onPublish?: (published: Published) => void;
  readonly onInvocation?: (record: InvocationRecord) => void;
  /** @param requestId undefined where it is not known which invocation wrote the line */
  readonly onLog?: (functionName: string, requestId: string | undefined, line: string) => void;
  readonly onError?: (error: unknown) => void;
}

export interface Engine {
  readonly url: string;
  /** Address of each service, embedded or not. */
  readonly endpoints: Readonly<Record<ServiceName, string>>;
  readonly inbox: Inbox;
  readonly lambda: Lambda;
  readonly stepFunctions: StepFunctions;
  readonly eventPath: EventPath;
  /** Settings for an SDK client of the service. */
  client(service: ServiceName): ClientSettings;
  /** Starts `count` execution environments of the function ahead of the first invocation. */
  prewarm(functionName: string, count: number): Promise<void>;
  close(): Promise<void>;
}

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: typeof CREDENTIALS;
}

/** Starts the embedded services of the synthesized template on one loopback port. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { template, replaced } = options;
  const clock = new ClosableClock(systemClock);
  const embedded = embeddedServices(options, clock);
  const { inbox, lambda, runtime, stepFunctions, eventPath } = embedded;
  const server = await serve(options, embedded).catch((error: unknown) => {
    closeFiles(embedded);
    throw error;
  });
  const endpoints = endpointsOf(server.url, replaced);
  embedded.served.url = endpoints.sqs;
  const reached = { ...endpoints, ...(await options.reachedThrough?.(server.port)) };
  for (const name of Object.keys(ENDPOINT_VARIABLES) as ServiceName[]) {
    embedded.functionEnvironment[ENDPOINT_VARIABLES[name]] = reached[name];
  }
  return {
    url: server.url,
    endpoints,
    inbox,
    lambda,
    stepFunctions,
    eventPath,
    client: (service) => ({ endpoint: endpoints[service], region: REGION, credentials: CREDENTIALS }),
    async prewarm(functionName, count) {
      const config = template.functions.find((candidate) => candidate.functionName === functionName);
      if (config && replaced.lambda === undefined) await runtime.prewarm(config, count);
    },
    async close() {
      eventPath.close();
      lambda.killAll();
      await runtime.close();
      await server.close();
      closeFiles(embedded);
      // Of an execution that still runs: its timeouts would keep the process alive, and retry on closed services.
      clock.close();
    },
  };
}

/** The services of this process, and where the functions run. */
interface EmbeddedServices {
  /** Undefined where another DynamoDB replaces it. */
  readonly dynamoDb?: DynamoDB;
  /** Undefined where another S3 replaces it. */
  readonly s3?: S3;
  readonly inbox: Inbox;
  readonly ses: Ses;
  readonly runtime: WorkerThreadRuntime;
  /** Variables of every function: read when one starts, so that the endpoints can be put in once the port is known. */
  readonly functionEnvironment: Record<string, string>;
  readonly lambda: Lambda;
  readonly stepFunctions: StepFunctions;
  readonly eventPath: EventPath;
  readonly sqs: Sqs;
  readonly secrets: SecretsManager;
  readonly sns: Sns;
  /** Where it is all served, once that is known. */
  readonly served: { url: string };
}

function embeddedServices(options: EngineOptions, clock: ClosableClock): EmbeddedServices {
  const { template, replaced, keep } = options;
  if (keep !== undefined) mkdirSync(keep, { recursive: true });
  // First, because they may refuse the directory.
  const dynamoDb = replaced.dynamodb === undefined ? new DynamoDB({ clock, keep }) : undefined;
  const s3 = replaced.s3 === undefined ? openS3({ clock, keep }, dynamoDb) : undefined;
  const inbox = new Inbox(keep === undefined ? {} : { appendTo: join(keep, 'inbox.ndjson') });
  const functionEnvironment: Record<string, string> = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const runtime = new WorkerThreadRuntime({
    extraEnvironment: functionEnvironment,
    onLog: (functionName, requestId, line) => options.onLog?.(functionName, requestId, line),
    ...(options.environmentsPerThread !== undefined && { environmentsPerThread: options.environmentsPerThread }),
  });
  const lambda = new Lambda({
    clock,
    functions: template.functions,
    runtime,
    randomId: randomUUID,
    random: Math.random,
    onInvocation: (record) => options.onInvocation?.(record),
    sendToQueue: (queueArn, body) => eventPath.queues.at(queueArn).send({ body }),
  });
  const invokeFunction =
    replaced.lambda === undefined ? (input: InvokeInput) => invokeEmbedded(lambda, input) : invokeAt(replaced.lambda);
  const account = { clock, region: REGION, accountId: ACCOUNT_ID };
  const stepFunctions = new StepFunctions({
    ...account,
    invokeFunction,
    onHistoryEvent: (executionArn, { type }) => {
      if (!/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(String(type))) return;
      // The event is written, and its execution moves next.
      queueMicrotask(() => {
        stepFunctions
          .handle('DescribeExecution', { executionArn })
          .then((execution) => eventPath.executionEnded(execution))
          .catch((error) => options.onError?.(error));
      });
    },
  });
  const { fates, lateness, maxSendRate, max24HourSend } = options;
  const eventPath = new EventPath({
    ...account,
    template,
    invoke: (functionName, event) => invokeWithBatch(invokeFunction, functionName, event),
    invokeLater: (FunctionName, Payload) => {
      invokeFunction({ FunctionName, InvocationType: 'Event', Payload }).catch((error) => options.onError?.(error));
    },
    ...(fates && { fates }),
    ...(lateness && { lateness }),
  });
  const events = eventPath.publisher;
  const ses = new Ses({ clock, maxSendRate, max24HourSend, randomId: randomUUID, inbox, events });
  const served = { url: '' };
  const sqs = new Sqs({ clock, queues: eventPath.queues, accountId: ACCOUNT_ID, url: () => served.url });
  return {
    dynamoDb,
    s3,
    inbox,
    ses,
    runtime,
    functionEnvironment,
    lambda,
    stepFunctions,
    eventPath,
    sqs,
    secrets: new SecretsManager({ clock, secrets: template.secrets }),
    sns: new Sns({
      topicArns: template.topicArns,
      randomId: randomUUID,
      onPublish: (published) => options.onPublish?.(published),
    }),
    served,
  };
}

/** @param dynamoDb is closed where S3 refuses the directory: it has claimed its part of it */
function openS3(options: S3Options, dynamoDb: DynamoDB | undefined): S3 {
  try {
    return new S3(options);
  } catch (error) {
    dynamoDb?.close();
    throw error;
  }
}

function serve(
  { template, port, replaced, page, onError }: EngineOptions,
  { stepFunctions, lambda, ses, dynamoDb, s3, sqs, secrets, sns }: EmbeddedServices,
): Promise<HttpServer> {
  return startHttpServer({
    port,
    services: {
      ...(replaced.stepFunctions === undefined && { stepFunctions }),
      ...(replaced.lambda === undefined && { lambda }),
      ...(replaced.ses === undefined && { ses }),
      ...(dynamoDb !== undefined && { dynamodb: dynamoDb }),
      ...(s3 !== undefined && { s3 }),
      ...(replaced.sqs === undefined && { sqs }),
      ...(replaced.secrets === undefined && { secrets }),
      ...(replaced.sns === undefined && { sns }),
    },
    page,
    functionUrl: (request) => answerUrl(request, template.functionUrls, lambda),
    onError,
  });
}

function closeFiles({ dynamoDb, s3, inbox }: EmbeddedServices): void {
  dynamoDb?.close();
  s3?.close();
  inbox.close();
}

function endpointsOf(url: string, replaced: EngineOptions['replaced']): Readonly<Record<ServiceName, string>> {
  return {
    stepFunctions: replaced.stepFunctions ?? url,
    lambda: replaced.lambda ?? url,
    ses: replaced.ses ?? url,
    dynamodb: replaced.dynamodb ?? url,
    s3: replaced.s3 ?? url,
    sqs: replaced.sqs ?? url,
    secrets: replaced.secrets ?? url,
    sns: replaced.sns ?? url,
  };
}

interface InvokeInput {
  readonly FunctionName: string;
  readonly InvocationType: 'RequestResponse' | 'Event';
  readonly Payload: string;
}

interface InvokeOutput {
  readonly StatusCode: number;
  readonly FunctionError?: string;
  readonly Payload?: Uint8Array;
  readonly ExecutedVersion?: string;
}

async function invokeEmbedded(lambda: Lambda, input: InvokeInput): Promise<InvokeOutput> {
  return (await lambda.handle('Invoke', { ...input })) as unknown as InvokeOutput;
}

/** Lambda elsewhere: Step Functions invokes it through the ordinary API, once per attempt. */
function invokeAt(endpoint: string) {
  const client = new LambdaClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  return async (input: InvokeInput): Promise<InvokeOutput> => {
    const { StatusCode = 200, FunctionError, Payload, ExecutedVersion } = await client.send(new InvokeCommand(input));
    return { StatusCode, FunctionError, Payload, ExecutedVersion };
  };
}

/** An invocation for a batch of messages. Whatever goes wrong with it, its messages come again. */
async function invokeWithBatch(
  invokeFunction: (input: InvokeInput) => Promise<InvokeOutput>,
  functionName: string,
  event: Readonly<Record<string, unknown>>,
): Promise<BatchOutcome> {
  try {
    const { FunctionError, Payload } = await invokeFunction({
      FunctionName: functionName,
      InvocationType: 'RequestResponse',
      Payload: JSON.stringify(event),
    });
    if (FunctionError !== undefined) return { kind: 'failed' };
    return { kind: 'returned', value: JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null') };
  } catch (error) {
    return { kind: (error as Error).name === 'TooManyRequestsException' ? 'throttled' : 'failed' };
  }
}
