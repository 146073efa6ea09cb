import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '../functions/contract/clock';
import { Ledger } from '../functions/ledger/ledger';
import type { RunRecord } from '../functions/ledger/records';
import { UsageError } from './command-line';
import { printable } from './printable';

/** What the commands share that read and write a ledger. */

export const WHERE = `RUN is the name of the execution that created the run; NAME is the stack's
output LedgerTableName. AWS_ENDPOINT_URL_DYNAMODB and the usual AWS settings say
where the table is.
`;

export const TEXT = { type: 'string' } as const;
export const USUAL = { table: TEXT, help: { type: 'boolean' } } as const;

/** @throws UsageError where no table is named */
export function ledgerIn(tableName: string | undefined): Ledger {
  if (tableName === undefined) {
    throw new UsageError('Expected --table NAME, got nothing: it is the output LedgerTableName of the stack.');
  }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }));
  return new Ledger({ client, tableName, clock, random: Math.random });
}

/** @throws UsageError where no run is named, or the ledger does not know it */
export async function find(
  command: string,
  runId: string | undefined,
  tableName: string | undefined,
): Promise<{ readonly ledger: Ledger; readonly run: RunRecord }> {
  if (runId === undefined) {
    throw new UsageError(
      `Expected ${command} to be followed by a run, got nothing: see worker-chains ${command} --help.`,
    );
  }
  const ledger = ledgerIn(tableName);
  const run = await ledger.readRun(runId);
  if (run) return { ledger, run };
  throw new UsageError(`Expected a run that the ledger knows, got ${runId}: take the name of its execution.`);
}

/** @throws UsageError where it is not a number from 0 to `most` */
export function number(what: string, value: string, most: number): number {
  if (/^\d+(\.\d+)?$/.test(value) && Number(value) <= most) return Number(value);
  throw new UsageError(`Expected ${what} to be a number from 0 to ${most}, got ${value === '' ? 'nothing' : value}.`);
}

/** One line of JSON. */
export function print(value: object): void {
  process.stdout.write(`${printable(JSON.stringify(value))}\n`);
}

/** Shows a command's help. Answers the exit code. */
export function help(text: string): number {
  process.stdout.write(text);
  return 0;
}
