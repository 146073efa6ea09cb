import { parseArgs } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { csvLines } from '../../examples/csv-to-api/seed';
import { StandInApi } from '../../examples/csv-to-api/stand-in-api';
import { systemClock as clock, sleep } from '../../functions/contract/clock';
import type { RunReport } from '../../functions/contract/payloads';
import { chainFunction, exampleTemplate } from '../examples/example-account';
import { Account } from '../local/whole-run';
import { Random } from '../simulation/random';
import { variable } from '../support/deployed-variable';

/**
 * The example csv-to-api at length, in real time: the API refuses 5 % of the requests and leaves another 5 % unanswered
 * after having done them, and a link is killed each minute. Exits with 1 where a customer was written twice or never.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: '10000' },
      chains: { type: 'string', default: '10' },
      'kill-seconds': { type: 'string', default: '60' },
      throttled: { type: 'string', default: '0.05' },
      silent: { type: 'string', default: '0.05' },
    },
  });
  const customers = Number(values.lines);
  const chains = Number(values.chains);
  const api = await StandInApi.open({
    port: 0,
    throttledShare: Number(values.throttled),
    silentShare: Number(values.silent),
    random: new Random(1).next,
  });
  process.env.CRM_URL = api.url;
  const template = await exampleTemplate('csv-to-api', { chains });
  const account = await Account.open({ template, isolated: true });
  const s3 = new S3Client({ ...account.engine.client('s3'), forcePathStyle: true });
  const Body = [...csvLines(customers)].join('');
  await s3.send(new PutObjectCommand({ Bucket: variable(template, 'EXPORTS_BUCKET'), Key: 'customers.csv', Body }));
  s3.destroy();

  const executionArn = await account.start({ job: 'csv-to-api', chains }, 'measured');
  const describe = () => account.sfn.send(new DescribeExecutionCommand({ executionArn }));
  let killed = 0;
  let killAt = clock.now() + 1000 * Number(values['kill-seconds']);
  for (let last = clock.now(); (await describe()).status === 'RUNNING'; await sleep(clock, 500)) {
    if (clock.now() >= killAt) {
      killAt += 1000 * Number(values['kill-seconds']);
      if (account.engine.lambda.killOldest(chainFunction(template))) killed += 1;
    }
    if (clock.now() - last < 30_000) continue;
    last = clock.now();
    process.stderr.write(`${api.writes.size} of ${customers} written, ${killed} links killed\n`);
  }
  await account.engine.lambda.idle();
  const { status, error, cause, output = '{}' } = await describe();
  const { done, unprocessed, inDoubt, given, elapsedSeconds } = JSON.parse(output) as RunReport;
  const twice = [...api.writes.values()].filter((writes) => writes > 1).length;
  const missing = customers - api.writes.size;
  const { throttled, silent, repeated } = api;
  await account.close();
  await api.close();
  const found = { status, error, cause, given, done, unprocessed, inDoubt, twice, missing };
  process.stdout.write(`${JSON.stringify({ ...found, killed, throttled, silent, repeated, elapsedSeconds })}\n`);
  if (status !== 'SUCCEEDED' || twice > 0 || missing > 0 || inDoubt > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? error}\n`);
  process.exitCode = 1;
});
