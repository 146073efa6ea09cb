import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { findDeployment } from '../../cli/deployment/find-deployment';
import type { OpenDeployment } from '../../cli/deployment/open-deployment';
import { systemClock as clock } from '../../functions/contract/clock';
import type { ItemId } from '../../functions/contract/payloads';
import { Ledger } from '../../functions/ledger/ledger';
import { type Looks, lookUntil } from '../support/look-until';
import { JOB, STACK } from './smoke-stack';

/** Where scenarios are played: on the embedded engine, or in an account. What there is of it they have from AWS's APIs. */
export interface ScenarioTarget extends OpenDeployment {
  /** `the embedded engine`, `account 123456789012 in eu-west-1`. */
  readonly name: string;
  /** Numbers that no scenario on this target has had. */
  fresh(count: number): readonly number[];
  /** Puts rows with these ids into the table that the job goes through where a run lists nothing. */
  putItems(ids: readonly string[]): Promise<void>;
  /** How often the job was through with each of these items: 1, unless it is 0 or wrong. */
  deeds(ids: readonly ItemId[]): Promise<readonly number[]>;
  /** Looks until `holds`. @throws Error where it never does */
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
  /** Number of mails that have come to an address. Undefined where nobody can tell: the mailbox simulator has no mailbox. */
  readonly mailsTo?: (address: string) => number;
}

export interface TargetOptions extends Looks {
  readonly name: string;
  /** Settings of the clients by service. @default - credentials, region and addresses are those of the environment */
  readonly settings?: (service: 'dynamodb' | 'lambda' | 'stepFunctions') => object;
  readonly mailsTo?: ScenarioTarget['mailsTo'];
}

/** BatchWriteItem takes no more. */
const MOST_WRITES = 25;

/**
 * The stack of the scenarios, found as the command finds deployments.
 *
 * @throws Failure or UsageError where it is not there
 */
export async function openTarget({ name, settings = () => ({}), ...options }: TargetOptions): Promise<ScenarioTarget> {
  const sfn = new SFNClient({ maxAttempts: 3, ...settings('stepFunctions') });
  const deployment = await findDeployment({ stack: STACK, job: JOB }, { sfn });
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 3, ...settings('dynamodb') }));
  const ledger = new Ledger({ client: documents, tableName: deployment.tableName, clock, random: Math.random });
  const lambda = new LambdaClient({ maxAttempts: 3, ...settings('lambda') });
  const command = new GetFunctionConfigurationCommand({ FunctionName: deployment.chainFunction });
  const { Environment } = await lambda.send(command);
  lambda.destroy();
  const { ITEMS_TABLE: items, DEEDS_TABLE: deeds } = Environment?.Variables ?? {};
  if (!items || !deeds) {
    throw new Error(
      `Expected ${deployment.chainFunction} to name ITEMS_TABLE and DEEDS_TABLE, got neither: deploy it.`,
    );
  }
  // Tables that were kept hold what earlier scenarios did.
  let next = Math.floor(clock.now() / 1000) * 1000;

  return {
    ...{ name, deployment, sfn, ledger },
    ...(options.mailsTo && { mailsTo: options.mailsTo }),
    fresh: (count) => Array.from({ length: count }, () => next++),
    async putItems(ids) {
      for (let at = 0; at < ids.length; at += MOST_WRITES) {
        const puts = ids.slice(at, at + MOST_WRITES).map((id) => ({ PutRequest: { Item: { id } } }));
        const { UnprocessedItems } = await documents.send(new BatchWriteCommand({ RequestItems: { [items]: puts } }));
        if (Object.keys(UnprocessedItems ?? {}).length > 0)
          throw new Error(`Expected ${items} to take ${puts.length} rows.`);
      }
    },
    deeds: (ids) =>
      Promise.all(
        ids.map(async (id) => {
          const get = new GetCommand({ TableName: deeds, Key: { id: String(id) }, ConsistentRead: true });
          return Number((await documents.send(get)).Item?.deeds ?? 0);
        }),
      ),
    until: (what, holds) => lookUntil(`${what} on ${name}`, holds, options),
  };
}
