import { documentClientOver } from '../../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { CONTRACT_TABLES, type ContractClient, describeDynamoDbContract } from './contract';
import { describeScanContract } from './scan-contract';
import { startDynaliteStore, startEmbeddedStore } from './wire-stores';

const closings: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closings) await close();
});

const startMemory = async () => documentClientOver(new MemoryDynamoDB(CONTRACT_TABLES));

describeDynamoDbContract('in memory', startMemory);
describeScanContract('in memory', startMemory);

for (const [name, start] of [
  ['behind the wire protocol', startEmbeddedStore],
  ['dynalite', startDynaliteStore],
] as const) {
  const connect = async () => {
    const store = await start(CONTRACT_TABLES);
    closings.push(store.close);
    return store.client as ContractClient;
  };
  describeDynamoDbContract(name, connect);
  describeScanContract(name, connect);
}
