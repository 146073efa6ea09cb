import { documentClientOver } from '../../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { startDynaliteArm, startEmbeddedArm } from './arms';
import { CONTRACT_TABLES, type ContractClient, describeDynamoDbContract } from './contract';

const closings: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closings) await close();
});

describeDynamoDbContract('in memory', async () => documentClientOver(new MemoryDynamoDB(CONTRACT_TABLES)));

for (const [name, start] of [
  ['behind the wire protocol', startEmbeddedArm],
  ['dynalite', startDynaliteArm],
] as const) {
  describeDynamoDbContract(name, async () => {
    const arm = await start(CONTRACT_TABLES);
    closings.push(arm.close);
    return arm.client as ContractClient;
  });
}
