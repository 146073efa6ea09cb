import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, ask, call, createTables } from '../local/dynamodb/refusals/endpoint';
import { MOTO_DIFFERENCES } from '../local/dynamodb/refusals/moto';
import { ROWS } from '../local/dynamodb/refusals/rows';
import { freePort } from '../support/free-port';

/**
 * Sends the table of what DynamoDB refuses, and just accepts, to moto's DynamoDB, an implementation that shares nothing
 * with the local stores. Compares refused or not and the error's name; moto words many messages in its own way.
 * Exit code 1 if a row comes out otherwise than listed here, or if moto is missing.
 */

const START_SECONDS = 30;

async function startMoto(): Promise<{ readonly endpoint: string; readonly stop: () => void }> {
  const port = await freePort();
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  let failure: string | undefined;
  moto.once('error', ({ message }) => {
    failure = message;
  });
  moto.once('exit', (code) => {
    failure ??= `it ended with code ${code}`;
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const until = performance.now() + START_SECONDS * 1000;
  while (failure === undefined && performance.now() < until) {
    const answers = await fetch(`${endpoint}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return { endpoint, stop: () => moto.kill() };
    await sleep(100);
  }
  moto.kill();
  throw new Error(
    `Expected moto_server to answer within ${START_SECONDS} s, got ${failure ?? 'nothing'}: install it with pip install 'moto[all,server]'.`,
  );
}

function said(answer: Answer): string {
  return answer === undefined ? 'accepted' : `${answer.name}: ${answer.message.slice(0, 160)}`;
}

async function main(): Promise<number> {
  const moto = await startMoto();
  const known = new Map(
    MOTO_DIFFERENCES.flatMap((difference) => difference.sentences.map((sentence) => [sentence, difference] as const)),
  );
  const unseen = new Set(known.keys());
  let passed = 0;
  let failed = 0;
  try {
    await createTables(moto.endpoint);
    for (const row of ROWS) {
      const answer = await ask((operation, input) => call(moto.endpoint, operation, input), row);
      const difference = known.get(row.sentence);
      const expected = difference?.answer ?? row.refusal?.name ?? 'accepted';
      unseen.delete(row.sentence);
      if ((answer?.name ?? 'accepted') === expected) {
        passed++;
        continue;
      }
      failed++;
      const note = difference === undefined ? '' : ' (listed as a difference of moto: mend the list)';
      process.stderr.write(`FAILED  ${row.sentence}: expected ${expected}, got ${said(answer)}${note}\n`);
    }
  } finally {
    moto.stop();
  }
  for (const sentence of unseen) process.stderr.write(`FAILED  "${sentence}" is listed, but no row says it\n`);
  failed += unseen.size;
  for (const { reason, sentences } of MOTO_DIFFERENCES) {
    process.stdout.write(`known   ${reason}: ${sentences.length} rows\n`);
  }
  process.stdout.write(
    `${passed} passed, ${failed} failed; of the passed, ${known.size} are known differences of moto\n`,
  );
  return failed === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`FAILED  ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
