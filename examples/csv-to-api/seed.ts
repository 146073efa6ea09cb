import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Seed } from 'worker-chains';
import { StandInApi } from './stand-in-api';

/** The export: a header, a line for each customer, and near the end one whose quotes do not match. */
export function* csvLines(customers: number): Generator<string> {
  yield 'customer_id,email,plan\n';
  for (let number = 1; number <= customers; number++) {
    yield `c-${number},reader.${number}@example.com,${number % 3 === 0 ? '"team, yearly"' : 'single'}\n`;
    if (number === customers - 1) yield 'c-0,"reader.0@example.com" <,single\n';
  }
}

/**
 * Puts the export into the bucket, and starts what stands in for the API where the app expects it: a tenth of the requests
 * it refuses, or does and leaves unanswered. `LINES=100000` makes so many.
 */
const seed: Seed = async ({ environment }) => {
  // The embedded engine has one address for all buckets.
  const s3 = new S3Client({ forcePathStyle: true });
  const Body = [...csvLines(Number(process.env.LINES ?? 1000))].join('');
  await s3.send(new PutObjectCommand({ Bucket: environment.EXPORTS_BUCKET, Key: 'customers.csv', Body }));
  s3.destroy();
  const port = Number(new URL(environment.CRM_URL as string).port);
  const api = await StandInApi.open({ port, throttledShare: 0.05, silentShare: 0.05, random: Math.random });
  api.unref();
};

export default seed;
