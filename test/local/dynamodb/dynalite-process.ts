import { startDynaliteArm } from './arms';

/** A process of its own for the test that kills it: serves dynalite from the directory it is given, and says its port. */
async function main(): Promise<void> {
  const arm = await startDynaliteArm([{ tableName: 'ledger', hashKey: 'pk' }], process.argv[2]);
  console.log(arm.port);
}

void main();
