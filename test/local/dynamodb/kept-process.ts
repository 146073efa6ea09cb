import { startEmbeddedStore } from './wire-stores';

/** A process of its own for the test that kills it: serves the tables kept in a directory, and says its address. */
async function main(): Promise<void> {
  const store = await startEmbeddedStore([], process.argv[2]);
  console.log(store.url);
}

void main();
