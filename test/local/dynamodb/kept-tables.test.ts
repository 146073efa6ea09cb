import fs, { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DynamoDB } from '../../../local/dynamodb/dynamodb-service';
import { KeptDataError, RecordFile } from '../../../local/dynamodb/record-file';
import { temporaryDirectories } from './directories';

const directory = temporaryDirectories();
const clock = { now: () => 1_700_000_000_000 };
const TableName = 'ledger';
const CREATE = {
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'n', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'n', KeyType: 'RANGE' },
  ],
};

type Call = readonly [operation: string, input: Record<string, unknown>];

/** Everything that a DynamoDB answers about its tables. */
async function contents(dynamodb: DynamoDB): Promise<unknown> {
  const { TableNames } = await dynamodb.handle('ListTables', {});
  return Promise.all(
    (TableNames as string[]).map(async (name) => [
      await dynamodb.handle('DescribeTable', { TableName: name }),
      await dynamodb.handle('Scan', { TableName: name }),
    ]),
  );
}

/** What is in a directory, for whoever opens it next. */
async function kept(keep: string): Promise<unknown> {
  const dynamodb = new DynamoDB({ clock, keep });
  const found = await contents(dynamodb);
  dynamodb.close();
  return found;
}

const key = fc.record({ pk: fc.constantFrom('p', 'q', 'é'), n: fc.constantFrom('1', '2.5', '-12345678901234567890') });
const values = fc.constantFrom(
  { S: 'text\n' },
  { N: '1e-7' },
  { N: '12345678901234567890123456789012345678' },
  { B: 'AP8=' },
  { SS: ['a', ''] },
  { L: [{ NULL: true }, { M: { deep: { BOOL: false } } }] },
  { S: 'x'.repeat(40) },
);
const wireKey = ({ pk, n }: { pk: string; n: string }) => ({ pk: { S: pk }, n: { N: n } });
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(key, values).map(([k, a]): Call => ['PutItem', { TableName, Item: { ...wireKey(k), a } }]),
  fc.tuple(key, values).map(
    ([k, a]): Call => [
      'UpdateItem',
      {
        TableName,
        Key: wireKey(k),
        UpdateExpression: 'SET a = :a ADD counted :one',
        ConditionExpression: 'attribute_not_exists(counted) OR counted < :one',
        ExpressionAttributeValues: { ':a': a, ':one': { N: '1' } },
      },
    ],
  ),
  key.map((k): Call => ['DeleteItem', { TableName, Key: wireKey(k) }]),
  fc
    .uniqueArray(key, { minLength: 1, maxLength: 4, selector: ({ pk, n }) => pk + n })
    .map(
      (keys): Call => [
        'BatchWriteItem',
        { RequestItems: { [TableName]: keys.map((k) => ({ PutRequest: { Item: wireKey(k) } })) } },
      ],
    ),
);

/** Makes the calls; returns the length of the log and the contents after each that was answered, the creation first. */
async function play(keep: string, calls: readonly Call[]) {
  const dynamodb = new DynamoDB({ clock, keep });
  const log = join(keep, 'tables.log');
  const states = [{ bytes: 0, contents: await contents(dynamodb) }];
  for (const [operation, input] of [['CreateTable', CREATE] as const, ...calls]) {
    await dynamodb.handle(operation, input).catch((error: Error) => {
      if (error.name !== 'ConditionalCheckFailedException') throw error;
    });
    states.push({ bytes: statSync(log).size, contents: await contents(dynamodb) });
  }
  dynamodb.close();
  return { log: readFileSync(log), states };
}

test('what was answered is there again, and a log that is cut short at any byte has all that came before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 5 }), async (calls) => {
      const { log, states } = await play(directory(), calls);
      const keep = directory();
      for (let cut = 0; cut <= log.length; cut++) {
        writeFileSync(join(keep, 'tables.log'), log.subarray(0, cut));
        const last = states.findLastIndex(({ bytes }) => bytes <= cut);
        const found = await kept(keep);
        // A request under way may be there in part: of a BatchWriteItem, some items.
        const isBatch = calls[last - 1]?.[0] === 'BatchWriteItem';
        if (!isBatch || cut === states[last]!.bytes) expect([cut, found]).toEqual([cut, states[last]!.contents]);
      }
    }),
    { numRuns: 6 },
  );
});

test('a longer log that is cut short anywhere has all that came before', async () => {
  const calls = fc.sample(call, { numRuns: 400, seed: 7 }).filter(([operation]) => operation !== 'BatchWriteItem');
  const { log, states } = await play(directory(), calls);
  const keep = directory();
  for (const cut of fc.sample(fc.nat(log.length), { numRuns: 150, seed: 8 })) {
    writeFileSync(join(keep, 'tables.log'), log.subarray(0, cut));
    expect(await kept(keep)).toEqual(states.findLast(({ bytes }) => bytes <= cut)!.contents);
  }
});

test('a log much larger than its tables is rewritten, and nothing is lost on the way', async () => {
  const smallestRewrittenBytes = 1000;
  const keep = directory();
  const dynamodb = new DynamoDB({ clock, keep, smallestRewrittenBytes });
  await dynamodb.handle('CreateTable', CREATE);
  const sizes: number[] = [];
  for (const [operation, input] of fc.sample(call, { numRuns: 300, seed: 3 })) {
    await dynamodb.handle(operation, input).catch(() => {});
    sizes.push(statSync(join(keep, 'tables.log')).size);
    // As if the process had died here.
    const copy = directory();
    cpSync(join(keep, 'tables.log'), join(copy, 'tables.log'));
    expect(await kept(copy)).toEqual(await contents(dynamodb));
  }
  dynamodb.close();

  expect(sizes.filter((size, index) => size < (sizes[index - 1] ?? 0)).length).toBeGreaterThan(3);
  expect(Math.max(...sizes)).toBeLessThan(20_000);
  expect(await kept(keep)).toEqual(await kept(keep));
});

describe('a disk that is full', () => {
  let dynamodb: DynamoDB;
  let keep: string;
  const put = (pk: string) => dynamodb.handle('PutItem', { TableName, Item: wireKey({ pk, n: '1' }) });

  beforeEach(async () => {
    keep = directory();
    dynamodb = new DynamoDB({ clock, keep });
    await dynamodb.handle('CreateTable', CREATE);
    await put('before');
  });
  afterEach(() => jest.restoreAllMocks());

  /** Writes half of what it is given, then nothing more, as a disk does that fills up. */
  function fill(): void {
    const { writeSync } = fs;
    jest.spyOn(fs, 'writeSync').mockImplementationOnce((fd: number, bytes: unknown) => {
      writeSync(fd, (bytes as Buffer).subarray(0, (bytes as Buffer).length / 2));
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
  }

  test('refuses the write, which has no effect, and what is written later is kept', async () => {
    fill();
    await expect(put('lost')).rejects.toThrow('no space left on device');
    await put('after');
    const found = await contents(dynamodb);
    dynamodb.close();

    expect(JSON.stringify(found)).not.toContain('lost');
    expect(await kept(keep)).toEqual(found);
  });

  test('that cannot be cut back either takes no more writes', async () => {
    fill();
    jest.spyOn(fs, 'ftruncateSync').mockImplementationOnce(() => {
      throw new Error('read-only file system');
    });
    await expect(put('lost')).rejects.toThrow('no space left on device');
    await expect(put('after')).rejects.toThrow('no space left on device');
    const found = await contents(dynamodb);
    dynamodb.close();

    expect(await kept(keep)).toEqual(found);
  });

  test('is no reason to lose anything by rewriting', async () => {
    dynamodb.close();
    dynamodb = new DynamoDB({ clock, keep, smallestRewrittenBytes: 1 });
    const sync = jest.spyOn(fs, 'fsyncSync').mockImplementation(() => {
      throw new Error('no space left on device');
    });
    for (let round = 0; round < 100; round++) await put('same');
    await put('last');
    const found = await contents(dynamodb);
    dynamodb.close();

    expect(sync.mock.calls.length).toBeGreaterThan(1);
    expect(JSON.stringify(found)).toContain('last');
    expect(await kept(keep)).toEqual(found);
  });
});

describe('a directory is refused with one sentence', () => {
  const open = (keep: string) => () => new DynamoDB({ clock, keep });

  test('when an earlier version kept its tables there', () => {
    const keep = directory();
    mkdirSync(join(keep, 'dynamodb'));

    expect(open(keep)).toThrow(
      new KeptDataError(
        `Expected ${keep} to keep its tables in tables.log, got the directory dynamodb of an earlier version, which kept them in LevelDB: finish its run with that version, or name another directory.`,
      ),
    );
  });

  test('when another kind of log is there', () => {
    const keep = directory();
    const log = RecordFile.open(join(keep, 'tables.log'), () => {});
    log.append(['{"format":"worker-chains tables 2"}']);
    log.close();

    expect(open(keep)).toThrow(
      `Expected ${keep}/tables.log to have records of "worker-chains tables 1", got "worker-chains tables 2": use the version that wrote it, or name another directory.`,
    );
  });

  test('when a record in the middle is damaged', async () => {
    const { log, states } = await play(directory(), fc.sample(call, { numRuns: 10, seed: 1 }));
    const keep = directory();
    log[states[3]!.bytes + 30]! ^= 1;
    writeFileSync(join(keep, 'tables.log'), log);

    expect(open(keep)).toThrow(KeptDataError);
    // It can be repaired and opened then: nothing holds it, nothing was cut off.
    log[states[3]!.bytes + 30]! ^= 1;
    writeFileSync(join(keep, 'tables.log'), log);
    expect(await kept(keep)).toEqual(states.at(-1)!.contents);
  });
});
