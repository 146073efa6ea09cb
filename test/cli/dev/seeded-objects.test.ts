import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAll, PROJECT, reportOf, Started } from './started';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-objects-app-'));
  symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
  const app = `TSX_TSCONFIG_PATH=${join(PROJECT, 'tsconfig.json')} node --import tsx app.ts`;
  writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ app }));
  writeFileSync(
    join(directory, 'app.ts'),
    `import { App, Stack } from 'aws-cdk-lib';
    import { Bucket } from 'aws-cdk-lib/aws-s3';
    import { chainsOf, recipientsOf } from '${join(PROJECT, 'test/local/several-jobs')}';
    const app = new App();
    const stack = new Stack(app, 'Mails');
    const bucket = new Bucket(stack, 'Exports', { enforceSSL: true });
    const chains = chainsOf(stack, 'Chains', recipientsOf(stack), {
      items: 12,
      job: '${join(PROJECT, 'test/cli/dev/exported-users.ts')}',
      environment: { EXPORTS_BUCKET: bucket.bucketName },
    });
    bucket.grantRead(chains.runChain);
    app.synth();`,
  );
});

afterEach(() => {
  endAll();
  rmSync(directory, { recursive: true, force: true });
});

const SEED = `
  import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
  export default async ({ items, environment }) => {
    const s3 = new S3Client();
    const Bucket = environment.EXPORTS_BUCKET;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    console.error('found', Contents.map(({ Key, Size }) => Key + ' of ' + Size).join());
    if (Contents.length > 0) return;
    const lines = Array.from({ length: items - 1 }, (_, index) =>
      JSON.stringify({ id: index + 1, email: 'user.' + (index + 1) + '@example.com' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'users.ndjson', Body: lines.join('\\n') }));
  };`;

test('a seed puts objects into the app’s bucket, the functions read them, and --keep keeps them', async () => {
  writeFileSync(join(directory, 'seed.mjs'), SEED);
  const dev = () => new Started(['--seed', 'seed.mjs', '--keep', 'kept', '--port', '0', '--json'], {}, directory);
  const first = await dev().finished;
  expect([first.code, first.stderr]).toEqual([0, expect.stringMatching(/^found $/m)]);
  expect(reportOf(first)).toMatchObject({ status: 'SUCCEEDED', planned: 12, done: 11, skipped: 1 });
  const second = await dev().finished;
  expect([second.code, second.stderr]).toEqual([0, expect.stringMatching(/^found users\.ndjson of \d+$/m)]);
  expect(reportOf(second)).toMatchObject({ status: 'SUCCEEDED', planned: 12, done: 11, skipped: 1 });
});

test('a bucket is looked for where AWS_ENDPOINT_URL_S3 says', async () => {
  const environment = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' };
  const { code, stderr } = await new Started(['--port', '0'], environment, directory).finished;
  expect([code, stderr]).toEqual([
    2,
    'Expected a service at http://127.0.0.1:1, got ECONNREFUSED: start it, or unset AWS_ENDPOINT_URL_S3.\n',
  ]);
});
