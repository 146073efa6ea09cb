import { type Row, TABLES } from './row';

/** An answer: undefined for success, or the error. */
export type Answer = { readonly name: string; readonly message: string } | undefined;

/** DynamoDB's wire protocol without a client before it, which would refuse or mend some requests itself. */
export async function call(endpoint: string, operation: string, input: object): Promise<Answer> {
  const response = await request(endpoint, operation, input);
  const body = await response.text();
  if (response.ok) return undefined;
  if (!body.startsWith('{')) return { name: `HTTP ${response.status}`, message: body.slice(0, 200) };
  const error = JSON.parse(body) as { __type?: string; message?: string; Message?: string };
  return { name: (error.__type ?? '').replace(/^.*#/, ''), message: error.message ?? error.Message ?? '' };
}

/** The same for its output; an error is thrown. */
export async function post(endpoint: string, operation: string, input: object): Promise<Record<string, unknown>> {
  const response = await request(endpoint, operation, input);
  const body = (await response.json()) as Record<string, unknown>;
  if (response.ok) return body;
  throw Object.assign(new Error(String(body.message)), { name: String(body.__type).replace(/^.*#/, '') });
}

function request(endpoint: string, operation: string, input: object): Promise<Response> {
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20200101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
    },
    body: JSON.stringify(input),
  });
}

export async function createTables(endpoint: string): Promise<void> {
  for (const { tableName, hashKey, hashKeyType = 'S', rangeKey, rangeKeyType = 'S' } of TABLES) {
    const keys = [{ name: hashKey, type: hashKeyType, role: 'HASH' }];
    if (rangeKey !== undefined) keys.push({ name: rangeKey, type: rangeKeyType, role: 'RANGE' });
    const error = await call(endpoint, 'CreateTable', {
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
      KeySchema: keys.map(({ name, role }) => ({ AttributeName: name, KeyType: role })),
    });
    if (error !== undefined) throw new Error(`Expected table ${tableName} to be created, got ${error.message}`);
  }
}

/** Puts the items that the row needs and asks. Their refusal is the row's, with the item before it. */
export async function ask(send: (operation: string, input: object) => Promise<Answer>, row: Row): Promise<Answer> {
  for (const { table, item } of row.given ?? []) {
    const error = await send('PutItem', { TableName: table, Item: item });
    if (error !== undefined) return { name: `${error.name} of the item before`, message: error.message };
  }
  return send(row.operation, row.input);
}
