import { documentClientOver } from '../../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { CONTRACT_TABLES, type ContractClient, describeDynamoDbContract } from './contract';
import { startDynaliteStore, startEmbeddedStore } from './wire-stores';

const closings: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closings) await close();
});

describeDynamoDbContract('in memory', async () => documentClientOver(new MemoryDynamoDB(CONTRACT_TABLES)));

for (const [name, start] of [
  ['behind the wire protocol', startEmbeddedStore],
  ['dynalite', startDynaliteStore],
] as const) {
  describeDynamoDbContract(name, async () => {
    const store = await start(CONTRACT_TABLES);
    closings.push(store.close);
    return store.client as ContractClient;
  });
}
