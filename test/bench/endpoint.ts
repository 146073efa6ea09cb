import { fork } from 'node:child_process';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { stepFunctions } from '../../functions/handler-clients';
import { ENDPOINT_VARIABLES } from '../../local/engine';
import { LEDGER_TABLE } from './cloud';
import type { FromEndpoint, ToEndpoint } from './endpoint-process';
import { STATE_MACHINE } from './paced-run';

export interface Endpoint {
  readonly stateMachineArn: string;
  /** Time between SES's receiving a mail and its answer, milliseconds. */
  setLatency(milliseconds: number): void;
  /** Who runs the functions that the state machine invokes. */
  onInvoke: (functionName: string, event: unknown) => Promise<unknown>;
  close(): void;
}

/**
 * Starts the embedded services in another process, and points this process's SDK clients at them. Once per process: the
 * clients keep the address that they were built with.
 */
export async function startEndpoint(): Promise<Endpoint> {
  const child = fork(join(__dirname, 'endpoint-process.ts'), { execArgv: ['--import', 'tsx'] });
  const tell = (message: ToEndpoint) => child.send(message);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Expected the endpoint to start, but it ended with code ${code}.`)));
    child.on('message', (message: FromEndpoint) => {
      if (message.kind === 'ready') resolve(message.url);
      else void answer(message);
    });
  });
  const endpoint: Endpoint = {
    stateMachineArn: await prepare(url),
    setLatency: (milliseconds) => tell({ kind: 'latency', milliseconds }),
    onInvoke: () => Promise.reject(new Error('Nobody runs functions yet.')),
    close: () => child.disconnect(),
  };
  const answer = async ({ call, functionName, payload }: Extract<FromEndpoint, { kind: 'invoke' }>) => {
    const name = functionName.slice(functionName.lastIndexOf(':') + 1);
    const value = await endpoint.onInvoke(name, JSON.parse(payload));
    tell({ kind: 'returned', call, payload: JSON.stringify(value) });
  };
  return endpoint;
}

/** The environment that a function finds on AWS, as far as its clients read it. */
async function prepare(url: string): Promise<string> {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  for (const variable of Object.values(ENDPOINT_VARIABLES)) process.env[variable] = url;
  const dynamoDb = new DynamoDBClient({});
  const keys = ['pk', 'sk'];
  await dynamoDb.send(
    new CreateTableCommand({
      TableName: LEDGER_TABLE,
      KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists(
    { client: dynamoDb, maxWaitTime: 30, minDelay: 0.05, maxDelay: 1 },
    { TableName: LEDGER_TABLE },
  );
  dynamoDb.destroy();
  const { stateMachineArn } = await stepFunctions().send(
    new CreateStateMachineCommand({
      name: 'worker-chains',
      definition: STATE_MACHINE,
      roleArn: 'arn:aws:iam::123456789012:role/worker-chains',
    }),
  );
  return stateMachineArn as string;
}
