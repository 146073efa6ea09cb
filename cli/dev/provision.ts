import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { CreateStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { ENVIRONMENT } from '../../functions/contract/names';
import { ENDPOINT_VARIABLES, type Engine, type ServiceName } from '../../local/engine';
import type { BucketConfig, TableConfig } from '../../local/template/configurations';
import type { LocalTemplate } from '../../local/template/local-template';
import { UsageError } from '../command-line';

/**
 * Makes the template's resources through the ordinary APIs, wherever the services are. Answers the ARN of each state
 * machine by its name.
 *
 * @throws UsageError where a service cannot be reached
 */
export async function provision(
  template: LocalTemplate,
  engine: Engine,
  sfn: SFNClient,
): Promise<ReadonlyMap<string, string>> {
  await reach('dynamodb', engine, () => createTables(template.tables, engine));
  if (template.buckets.length > 0) await reach('s3', engine, () => createBuckets(template.buckets, engine));
  if (engine.endpoints.ses !== engine.url) await reach('ses', engine, () => verifySenders(template, engine));
  const arns = new Map<string, string>();
  for (const { name, definition, roleArn, tags: given } of template.stateMachines) {
    const tags = Object.entries(given).map(([key, value]) => ({ key, value }));
    const create = new CreateStateMachineCommand({ name, definition, roleArn, tags });
    const { stateMachineArn } = await reach('stepFunctions', engine, () => sfn.send(create));
    arns.set(name, stateMachineArn as string);
  }
  return arns;
}

/** A service elsewhere that cannot be reached is a mistake of the command line, not of this program. */
async function reach<Result>(service: ServiceName, engine: Engine, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!/^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT)$/.test(code)) throw error;
    throw new UsageError(
      `Expected a service at ${engine.endpoints[service]}, got ${code}: start it, or unset ${ENDPOINT_VARIABLES[service]}.`,
    );
  }
}

async function createTables(tables: readonly TableConfig[], engine: Engine): Promise<void> {
  const client = new DynamoDBClient(engine.client('dynamodb'));
  try {
    for (const table of tables) await createTable(table, client);
  } finally {
    client.destroy();
  }
}

async function createTable({ tableName, hashKey, rangeKey }: TableConfig, client: DynamoDBClient): Promise<void> {
  const keys = rangeKey ? [hashKey, rangeKey] : [hashKey];
  const command = new CreateTableCommand({
    TableName: tableName,
    KeySchema: keys.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    BillingMode: 'PAY_PER_REQUEST',
  });
  await client.send(command).catch((error: Error) => {
    // A kept table, or one of an earlier run on the same service.
    if (error.name !== 'ResourceInUseException') throw error;
  });
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 1 }, { TableName: tableName });
}

async function createBuckets(buckets: readonly BucketConfig[], engine: Engine): Promise<void> {
  const client = new S3Client(engine.client('s3'));
  try {
    for (const { bucketName } of buckets) {
      await client.send(new CreateBucketCommand({ Bucket: bucketName })).catch((error: Error) => {
        // Of an earlier run on the same service, in a region where that is no success.
        if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
      });
    }
  } finally {
    client.destroy();
  }
}

/** Another SES sends only for identities that it knows. */
async function verifySenders({ functions }: LocalTemplate, engine: Engine): Promise<void> {
  const senders = new Set(functions.flatMap(({ environment }) => environment[ENVIRONMENT.sender] ?? []));
  const client = new SESClient(engine.client('ses'));
  for (const EmailAddress of senders) await client.send(new VerifyEmailIdentityCommand({ EmailAddress }));
  client.destroy();
}
