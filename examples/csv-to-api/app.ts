import { App, Stack, Validations } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { WorkerChains } from 'worker-chains/cdk';

const stack = new Stack(new App(), 'CsvToApi');
const exports = new s3.Bucket(stack, 'Exports', { enforceSSL: true });
Validations.of(exports).acknowledge({ id: 'AwsSolutions-S1', reason: 'Only the job reads it, and each run says so.' });
new WorkerChains(stack, 'Import', {
  job: 'job.ts',
  schedule: Schedule.cron({ hour: '2', minute: '0' }),
  environment: {
    EXPORTS_BUCKET: exports.bucketName,
    // What stands in for the API on this machine, unless you name yours.
    CRM_URL: process.env.CRM_URL ?? 'http://127.0.0.1:4520',
  },
});
