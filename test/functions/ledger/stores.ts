import { ServiceError } from '../../../local/aws-service';
import { documentClientOver } from '../../../local/dynamodb/document-client';
import { startDynaliteStore, startEmbeddedStore, type WireStore } from '../../local/dynamodb/wire-stores';
import { noAnswer } from '../../support/sdk-errors';
import { LEDGER_TABLE, memoryTable } from '../chain/fixture';

interface Command {
  readonly input: object;
}

export interface LedgerStore {
  readonly client: { send(command: Command): Promise<Record<string, unknown>> };
  close(): Promise<void>;
}

const TABLES = [{ tableName: LEDGER_TABLE, hashKey: 'pk', rangeKey: 'sk' }];

/** The tables that the ledger must work with alike. */
export const STORES: readonly [string, () => Promise<LedgerStore>][] = [
  ['in memory', async () => ({ client: documentClientOver(memoryTable()), close: async () => {} })],
  ['behind the wire protocol', async () => storeAt(await startEmbeddedStore(TABLES))],
  ['in dynalite', async () => storeAt(await startDynaliteStore(TABLES))],
];

function storeAt({ client, close }: WireStore): LedgerStore {
  return { client: client as LedgerStore['client'], close };
}

type Fault = 'answer lost' | 'throttled';

/** A client that can be told how its next calls fare. */
export class FaultyClient {
  /** One for each of the next calls that change something. */
  readonly faults: Fault[] = [];
  /** Happens once, between the next read and what the caller does with it. */
  afterNextRead?: () => Promise<unknown>;
  /** Happens once, between the next refused write and what the caller does then. */
  afterNextRefusal?: () => Promise<unknown>;
  readonly calls: string[] = [];
  readonly reads: object[] = [];

  constructor(private readonly client: LedgerStore['client']) {}

  async send(command: Command): Promise<Record<string, unknown>> {
    const operation = command.constructor.name.replace(/Command$/, '');
    this.calls.push(operation);
    if (operation === 'Get' || operation === 'Query') return this.read(command);
    const fault = this.faults.shift();
    if (fault === 'throttled') throw new ServiceError('ThrottlingException', 'Rate exceeded');
    const answer = await this.write(command);
    if (fault === 'answer lost') throw noAnswer();
    return answer;
  }

  private async read(command: Command): Promise<Record<string, unknown>> {
    this.reads.push(command.input);
    const answer = await this.client.send(command);
    const happens = this.afterNextRead;
    this.afterNextRead = undefined;
    await happens?.();
    return answer;
  }

  private async write(command: Command): Promise<Record<string, unknown>> {
    try {
      return await this.client.send(command);
    } catch (refusal) {
      const happens = this.afterNextRefusal;
      this.afterNextRefusal = undefined;
      await happens?.();
      throw refusal;
    }
  }
}
