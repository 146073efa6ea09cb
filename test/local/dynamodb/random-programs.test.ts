import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { documentClientOver } from '../../../local/dynamodb/document-client';
import { MemoryDynamoDB } from '../../../local/dynamodb/memory';
import { CONTRACT_TABLES, type ContractClient } from './contract';
import { startDynaliteStore, startEmbeddedStore } from './wire-stores';

/**
 * Left out because dynalite differs from DynamoDB there: `=` on lists and maps, `false` and '' in IN, BETWEEN and
 * size, several removals from one list, and a value that is both copied and changed in one update.
 */
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -300, max: 300 }).map((n) => n / 100),
  fc.constantFrom('x', 'xy', 'y', 'é', '😀'),
  fc.constant(true),
  fc.constant(null),
);
const number = fc.integer({ min: -30, max: 30 }).map((n) => n / 10);
const list = fc.array(scalar, { maxLength: 3 });
const map = fc.record({ x: scalar, y: fc.oneof(scalar, list) }, { requiredKeys: [] });
const value = fc.oneof(scalar, list, map);
const attributes = fc.record({ a: value, b: value, n: number, m: map, l: list }, { requiredKeys: [] });
const pk = fc.constantFrom('p', 'q');
const sk = fc.constantFrom('a', 'b', 'bb', 'c', 'é');
const key = fc.record({ pk, sk });
const path = fc.constantFrom('a', 'b', 'n', 'm.x', 'm.y', 'l[0]', 'l[1]', 'absent', 'm.absent.z');

interface Fragment {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

let literals = 0;
const literal = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Fragment> =>
  arbitrary.map((given) => {
    const name = `:v${literals++}`;
    return { text: name, values: { [name]: given } };
  });
/** Fills the `?` of a template. */
const fragment = (template: string, ...parts: fc.Arbitrary<Fragment | string>[]): fc.Arbitrary<Fragment> =>
  fc.tuple(...parts).map((filled) => {
    let index = 0;
    const text = template.replace(/\?/g, () => {
      const part = filled[index++]!;
      return typeof part === 'string' ? part : part.text;
    });
    return { text, values: Object.assign({}, ...filled.map((part) => (typeof part === 'string' ? {} : part.values))) };
  });

const ordered = literal(fc.oneof(number, fc.constantFrom('x', 'xy', 'é')));
const equatable = literal(fc.oneof(number, fc.constantFrom('x', 'xy', 'é'), fc.constantFrom(true, null)));
const simpleCondition = fc.oneof(
  fragment('attribute_exists(?)', path),
  fragment('attribute_not_exists(?)', path),
  fragment('? = ?', path, equatable),
  fragment('? <> ?', path, equatable),
  fragment('? < ?', path, ordered),
  fragment('? >= ?', path, ordered),
  fragment(
    '? BETWEEN ? AND ?',
    path,
    literal(fc.integer({ min: -3, max: 0 })),
    literal(fc.integer({ min: 0, max: 3 })),
  ),
  fragment('? IN (?, ?)', path, equatable, equatable),
  fragment('begins_with(?, ?)', path, literal(fc.constantFrom('x', 'xy', 1))),
  fragment('contains(?, ?)', path, literal(fc.constantFrom('x', 'y', 1, 2))),
  fragment('attribute_type(?, ?)', path, literal(fc.constantFrom('S', 'N', 'L', 'M', 'NULL', 'BOOL'))),
  fragment('size(?) >= ?', path, literal(fc.integer({ min: 0, max: 3 }))),
);
const condition = fc.oneof(
  simpleCondition,
  fragment('? AND ?', simpleCondition, simpleCondition),
  fragment('? OR ? AND NOT ?', simpleCondition, simpleCondition, simpleCondition),
  fragment('NOT (? OR ?) AND ?', simpleCondition, simpleCondition, simpleCondition),
);
const noCondition = fc.constant<Fragment | undefined>(undefined);
const maybeCondition = fc.oneof(noCondition, condition);

const target = fc.constantFrom('a', 'b', 'n', 'm.x', 'm.y', 'm.new', 'absent.z');
const source = fc.constantFrom('a', 'b', 'n', 'm.x', 'l[0]', 'absent');
const set = fc.oneof(
  fragment('? = ?', target, literal(value)),
  fragment('? = ?', target, source),
  fragment('? = ? + ?', target, source, literal(fc.oneof(number, fc.constant('x')))),
  fragment('? = ? - ?', target, literal(number), source),
  fragment('? = if_not_exists(?, ?)', target, source, literal(value)),
  fragment('? = if_not_exists(?, ?) + ?', target, source, literal(number), literal(number)),
);
const listChange = fc.oneof(
  fragment('SET l = list_append(l, ?)', literal(list)),
  fragment('SET l = list_append(if_not_exists(l, ?), ?)', literal(list), literal(list)),
  fragment('SET l[?] = ?', fc.constantFrom('0', '1', '9'), literal(value)),
  fragment('REMOVE l[?]', fc.constantFrom('0', '1', '9')),
);
/** dynalite evaluates SET against what ADD has changed; DynamoDB evaluates everything against the item as it was. */
function copiesNothingItAdds({ text }: Fragment): boolean {
  const [set = '', added = ''] = text.split(' ADD ');
  return !new RegExp(`= .*\\b${added.split(' ')[0]}\\b`).test(set);
}

const update = fc.oneof(
  fragment('SET ?', set),
  fragment('SET ?, ?', set, set),
  fragment('SET ? REMOVE ?', set, target),
  fragment('REMOVE ? ADD n ?', target, literal(fc.oneof(number, fc.constant('x')))),
  fragment('SET ? ADD ? ?', set, fc.constantFrom('n', 'a', 'absent'), literal(number)).filter(copiesNothingItAdds),
  listChange,
);

const returned = fc.constantFrom('NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW');
const values = (...fragments: (Fragment | undefined)[]) => {
  const all = Object.assign({}, ...fragments.map((part) => part?.values ?? {})) as object;
  return Object.keys(all).length > 0 ? all : undefined;
};

type Build = (run: string) => { readonly input: object };
const inRun = <Key extends { pk: string }>(run: string, given: Key): Key => ({ ...given, pk: `${run}${given.pk}` });
const TableName = 'ledger';

const operation: fc.Arbitrary<Build> = fc.oneof(
  fc.tuple(key, attributes, maybeCondition).map(
    ([at, rest, when]): Build =>
      (run) =>
        new PutCommand({
          TableName,
          Item: { ...inRun(run, at), ...rest },
          ConditionExpression: when?.text,
          ExpressionAttributeValues: values(when),
          ReturnValues: 'ALL_OLD',
        }),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(key, update, maybeCondition, returned).map(
      ([at, change, when, ReturnValues]): Build =>
        (run) =>
          new UpdateCommand({
            TableName,
            Key: inRun(run, at),
            UpdateExpression: change.text,
            ConditionExpression: when?.text,
            ExpressionAttributeValues: values(change, when),
            ReturnValues,
          }),
    ),
  },
  fc.tuple(key, maybeCondition).map(
    ([at, when]): Build =>
      (run) =>
        new DeleteCommand({
          TableName,
          Key: inRun(run, at),
          ConditionExpression: when?.text,
          ExpressionAttributeValues: values(when),
          ReturnValues: 'ALL_OLD',
        }),
  ),
  fc.tuple(key, fc.constantFrom(undefined, 'a, m.x, l[1]')).map(
    ([at, ProjectionExpression]): Build =>
      (run) =>
        new GetCommand({ TableName, Key: inRun(run, at), ProjectionExpression }),
  ),
  fc
    .tuple(
      pk,
      fc.oneof(
        fc.constant<Fragment>({ text: '', values: {} }),
        fragment(' AND sk ? ?', fc.constantFrom('=', '<', '<=', '>', '>='), literal(sk)),
        fragment(' AND begins_with(sk, ?)', literal(fc.constantFrom('a', 'b', 'bb'))),
        fragment(' AND sk BETWEEN ? AND ?', literal(fc.constantFrom('a', 'b')), literal(fc.constantFrom('b', 'é'))),
      ),
      maybeCondition,
      fc.record(
        {
          Limit: fc.integer({ min: 1, max: 4 }),
          ScanIndexForward: fc.boolean(),
          Select: fc.constant('COUNT' as const),
        },
        { requiredKeys: [] },
      ),
      fc.option(key, { nil: undefined, freq: 2 }),
    )
    .map(
      ([hash, range, filter, options, start]): Build =>
        (run) =>
          new QueryCommand({
            TableName,
            KeyConditionExpression: `pk = :pk${range.text}`,
            FilterExpression: filter?.text,
            ExpressionAttributeValues: { ':pk': `${run}${hash}`, ...values(range, filter) },
            ExclusiveStartKey: start && inRun(run, start),
            ...options,
          }),
    ),
  fc.uniqueArray(key, { minLength: 1, maxLength: 4, selector: ({ pk, sk }) => `${pk}/${sk}` }).map(
    (keys): Build =>
      (run) =>
        new BatchGetCommand({ RequestItems: { ledger: { Keys: keys.map((at) => inRun(run, at)) } } }),
  ),
  fc
    .uniqueArray(fc.tuple(key, fc.option(attributes, { nil: undefined })), {
      minLength: 1,
      maxLength: 4,
      selector: ([{ pk, sk }]) => `${pk}/${sk}`,
    })
    .map(
      (writes): Build =>
        (run) =>
          new BatchWriteCommand({
            RequestItems: {
              ledger: writes.map(([at, rest]) =>
                rest === undefined
                  ? { DeleteRequest: { Key: inRun(run, at) } }
                  : { PutRequest: { Item: { ...inRun(run, at), ...rest } } },
              ),
            },
          }),
    ),
);

async function outcome(client: ContractClient, command: { readonly input: object }): Promise<unknown> {
  try {
    const { $metadata: _, Responses, ...output } = await client.send(command);
    const found = (Responses as { ledger: { pk: string; sk: string }[] } | undefined)?.ledger;
    const bySortKey = found?.sort((a, b) => (`${a.pk}/${a.sk}` < `${b.pk}/${b.sk}` ? -1 : 1));
    return { ...output, ...(bySortKey && { found: bySortKey }) };
  } catch (error) {
    const { name, message } = error as Error;
    // Of a request that is wrong twice, the stores may name one or the other wrong; the contract has the messages.
    return name === 'ValidationException' ? { name } : { name, message };
  }
}

const PROGRAMS = Number(process.env.PROGRAMS ?? 60);
/** Wide, for a busy machine: a program of 25 calls takes about 50 ms on an idle one. */
const MILLISECONDS_PER_PROGRAM = 1000;

test(
  'random programs see the same in memory, behind the wire protocol and on dynalite',
  async () => {
    const wire = await startEmbeddedStore(CONTRACT_TABLES);
    const store = await startDynaliteStore(CONTRACT_TABLES);
    const memory = documentClientOver(new MemoryDynamoDB(CONTRACT_TABLES));
    let runs = 0;
    const seen: Record<string, number> = {};
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (program) => {
          const run = `${runs++}-`;
          for (const build of program) {
            const command = build(run);
            const [ours, wired, theirs] = [
              await outcome(memory, command),
              await outcome(wire.client as ContractClient, command),
              await outcome(store.client as ContractClient, command),
            ];
            const kind = `${command.constructor.name} ${(ours as { name?: string }).name ?? 'answered'}`;
            seen[kind] = (seen[kind] ?? 0) + 1;
            expect({ input: command.input, sees: ours }).toEqual({ input: command.input, sees: theirs });
            expect({ input: command.input, sees: wired }).toEqual({ input: command.input, sees: ours });
          }
        }),
        { numRuns: PROGRAMS, ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}) },
      );
    } finally {
      await wire.close();
      await store.close();
    }
    // The programs are worth something only if they meet success, refused conditions and invalid requests alike.
    for (const kind of ['answered', 'ConditionalCheckFailedException', 'ValidationException']) {
      expect(seen[`UpdateCommand ${kind}`]).toBeGreaterThan(10);
    }
  },
  PROGRAMS * MILLISECONDS_PER_PROGRAM,
);
