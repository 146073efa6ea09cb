import { Worker } from 'node:worker_threads';
import { endAll, reportOf, Started } from './started';

afterAll(endAll);

/** Takes one of the machine's cores. */
function busyLoop(): Worker {
  return new Worker('for (;;);', { eval: true });
}

it('is slow and not broken where forty chains meet a machine that has something else to do', async () => {
  const busy = busyLoop();
  try {
    const start = new Started(['--json', '--items', '600', '--chains', '40', '--rate', '400', '--port', '0']);
    const finished = await start.finished;
    expect(reportOf(finished)).toMatchObject({ status: 'SUCCEEDED', chains: 40, unprocessed: 0, inDoubt: 0 });
    expect(finished.code).toBe(0);
  } finally {
    await busy.terminate();
  }
});
