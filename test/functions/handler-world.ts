import { LambdaClient } from '@aws-sdk/client-lambda';
import { SESClient } from '@aws-sdk/client-ses';
import { SFNClient } from '@aws-sdk/client-sfn';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { Recipient } from '../../examples/weekly-digest/recipient';
import { VARIABLES } from '../../examples/weekly-digest/variables';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { Ledger } from '../../functions/ledger/ledger';
import { MemoryDynamoDB } from '../../local/dynamodb/memory';
import { VirtualClock } from '../support/virtual-clock';
import { LEDGER_TABLE, ledgerOver } from './chain/fixture';

/** What the construct sets on every function. */
Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  POWERTOOLS_SERVICE_NAME: 'worker-chains',
  [ENVIRONMENT.ledgerTable]: LEDGER_TABLE,
  [VARIABLES.recipientsTable]: 'recipients',
  [ENVIRONMENT.sender]: 'Weekly Digest <digest@example.com>',
  [VARIABLES.unsubscribeUrl]: 'https://example.com/unsubscribe',
  [ENVIRONMENT.heartbeatSeconds]: '60',
  [ENVIRONMENT.linkSeconds]: '600',
  [ENVIRONMENT.sendShare]: '0.8',
});

/** The SDK's own clients, with only their `send` replaced. */
export const sfn = mockClient(SFNClient);
export const lambda = mockClient(LambdaClient);
export const ses = mockClient(SESClient);
export const dynamoDb = mockClient(DynamoDBDocumentClient);

/** A line that a handler printed: a log line, or metrics in CloudWatch's embedded format. */
export type Line = Record<string, unknown>;

interface EmbeddedMetrics {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

/** What a handler printed since the test began. */
export class Output {
  private text = '';

  listen(): void {
    this.text = '';
    const write = (chunk: unknown) => {
      this.text += String(chunk);
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(write as never);
    jest.spyOn(process.stderr, 'write').mockImplementation(write as never);
  }

  get raw(): string {
    return this.text;
  }

  get lines(): readonly Line[] {
    return this.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  }

  get logs(): readonly Line[] {
    return this.lines.filter((line) => !('_aws' in line));
  }

  /** Every flush of metrics: where they go, what they are told apart by, and their values by name. */
  get metrics() {
    return this.lines
      .filter((line): line is Line & EmbeddedMetrics => '_aws' in line)
      .map((line) => {
        const sets = line._aws.CloudWatchMetrics;
        const names = sets.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
        return {
          namespaces: sets.map(({ Namespace }) => Namespace),
          dimensions: sets.flatMap(({ Dimensions }) =>
            Dimensions.map((set) => Object.fromEntries(set.map((name) => [name, line[name]]))),
          ),
          values: Object.fromEntries(names.map((name) => [name, line[name]])),
        };
      });
  }
}

/** Both tables behind the mocked client, and the ledger as an operator reads it. Call before each test. */
export function freshTables(): { readonly ledger: Ledger; readonly tables: MemoryDynamoDB } {
  for (const client of [sfn, lambda, ses, dynamoDb]) client.reset();
  const tables = new MemoryDynamoDB([
    { tableName: LEDGER_TABLE, hashKey: 'pk', rangeKey: 'sk' },
    { tableName: 'recipients', hashKey: 'id', hashKeyType: 'N' },
  ]);
  const over = (operation: string) => (input: object) => tables.handle(operation, input as Record<string, unknown>);
  dynamoDb.on(GetCommand).callsFake(over('Get'));
  dynamoDb.on(PutCommand).callsFake(over('Put'));
  dynamoDb.on(UpdateCommand).callsFake(over('Update'));
  dynamoDb.on(DeleteCommand).callsFake(over('Delete'));
  dynamoDb.on(QueryCommand).callsFake(over('Query'));
  dynamoDb.on(BatchGetCommand).callsFake(over('BatchGet'));
  return { ledger: ledgerOver(tables, new VirtualClock()), tables };
}

export async function addRecipients(tables: MemoryDynamoDB, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const recipient: Recipient = {
      id,
      email: `user.${id}@example.com`,
      name: `Recipient ${id}`,
      locale: 'en',
      unsubscribeToken: `token-of-${id}`,
      week: { startsOn: '2026-01-05', visits: id, newFollowers: 1, messages: 0, highlights: [] },
    };
    await tables.handle('Put', { TableName: 'recipients', Item: recipient });
  }
}
