import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Patient } from '../../../cli/doctor/check';
import { mailChecks } from '../../../cli/doctor/mail-checks';

const PATIENT: Patient = {
  deployment: {
    ...{ stack: 'S', job: 'j', stateMachineArn: 'arn', stateMachineName: 'm', tableName: 't', chainFunction: 'f' },
    ...{ region: 'us-east-1', accountId: '123456789012', choice: { stack: 'S', job: 'j' } },
  },
  environment: {},
};

it('says of an answer that is none of AWS’s which status it had, and quotes none of it', async () => {
  const proxy = createServer((_, response) => {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html>\n<title>404 Not Found</title>\n');
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address() as AddressInfo;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const ses = new SESv2Client({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
  try {
    const [sandbox] = mailChecks(ses);
    expect(await sandbox?.examine(PATIENT)).toEqual({
      verdict: 'unknown',
      found: "could not look: the answer, with the status 404, was none of AWS's",
      todo: 'look at AWS_REGION and AWS_ENDPOINT_URL: the service may not be there',
    });
  } finally {
    ses.destroy();
    proxy.close();
  }
});

it.each(['UnknownOperationException', 'InvalidAction'])(
  'says of what answers %s that it lacks the operation',
  async (name) => {
    const ses = { send: () => Promise.reject(Object.assign(new Error('Expected X-Amz-Target to name …'), { name })) };
    const [sandbox] = mailChecks(ses as unknown as SESv2Client);
    expect(await sandbox?.examine(PATIENT)).toEqual({
      verdict: 'unknown',
      found: 'could not look: what answers does not have this operation',
      todo: 'ask a stack that is deployed on AWS; the embedded services have what runs need',
    });
  },
);

it('says why nothing answered', async () => {
  const error = new TypeError('fetch failed', {
    cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }),
  });
  const ses = { send: () => Promise.reject(error) };
  const [sandbox] = mailChecks(ses as unknown as SESv2Client);
  expect(await sandbox?.examine(PATIENT)).toMatchObject({ found: 'could not look: ENOTFOUND' });
});
