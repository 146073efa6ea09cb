import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { defineJob, idRange, variable } from 'worker-chains';

interface User {
  readonly id: number;
  readonly email: string;
}

/** Its users are lines of JSON in an object, which it reads with the client that a function would build on AWS. */
export default defineJob<User>({
  name: 'exported-users',
  source: idRange(),
  load: async (ids) => {
    const s3 = new S3Client();
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: variable('EXPORTS_BUCKET'), Key: 'users.ndjson' }));
    const lines = (await Body?.transformToString())?.trim().split('\n') ?? [];
    const users = lines.map((line) => JSON.parse(line) as User);
    return new Map(users.filter(({ id }) => ids.includes(id)).map((user) => [user.id, user]));
  },
  process: ({ email }, { send }) =>
    send({
      to: email,
      subject: 'Your export',
      text: 'It is here.',
      html: '<p>It is here.</p>',
      unsubscribeUrl: 'https://example.com/unsubscribe',
    }),
});
