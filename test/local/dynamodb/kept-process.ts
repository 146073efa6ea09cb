import { startEmbeddedArm } from './arms';

/** A process of its own for the test that kills it: serves the tables kept in a directory, and says its address. */
async function main(): Promise<void> {
  const arm = await startEmbeddedArm([], process.argv[2]);
  console.log(arm.url);
}

void main();
