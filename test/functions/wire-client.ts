import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The SDK's own client over a table that `answer` plays: it is given what is on the wire, and says what is to be on it. */
export function wireClient<Request>(answer: (request: Request) => object): DynamoDBDocumentClient {
  const handle = async ({ body }: { readonly body: Uint8Array }) => {
    const answered = answer(JSON.parse(new TextDecoder().decode(body)) as Request);
    const encoded = new TextEncoder().encode(JSON.stringify(answered));
    return { response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: encoded } };
  };
  const client = new DynamoDBClient({
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { handle: handle as never },
    streamCollector: async (stream) => stream as Uint8Array,
  });
  return DynamoDBDocumentClient.from(client);
}
