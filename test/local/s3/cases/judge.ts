import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Case } from './case';

let buckets = 0;

/**
 * The client as a function would build it: it finds by itself that an endpoint that is an IP address is path-style.
 */
export function clientFor(endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

/** Runs one case in a bucket of its own. @throws AssertionError, or the SDK's, where it is not as the sentence says */
export async function judge({ check }: Case, endpoint: string, s3: S3Client): Promise<void> {
  const bucket = `case-${++buckets}-${process.pid}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await check({ endpoint, s3, bucket });
}
