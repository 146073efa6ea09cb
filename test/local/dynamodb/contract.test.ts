import { documentClientOver } from '../../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { startDynaliteArm } from './arms';
import { CONTRACT_TABLES, type ContractClient, describeDynamoDbContract } from './contract';

const closings: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closings) await close();
});

describeDynamoDbContract('in memory', async () => documentClientOver(new MemoryDynamoDB(CONTRACT_TABLES)));

describeDynamoDbContract('dynalite', async () => {
  const arm = await startDynaliteArm(CONTRACT_TABLES);
  closings.push(arm.close);
  return arm.client as ContractClient;
});
