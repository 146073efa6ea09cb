import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { keyOf, type TableOptions } from './table-options';

/** Types of the attributes that are keys of the table or its index. Binary ones are refused. */
export type KeyTypes = Readonly<Record<string, 'S' | 'N'>>;

type Described = Pick<
  TableDescription,
  'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'
>;

/** Why a table is not as the source's options say, in one sentence; undefined if it is. */
export function schemaFault(table: string, described: Described, options: TableOptions): string | undefined {
  const { partition, sort } = keyOf(options);
  const found = namesOf(described.KeySchema);
  if (!sameNames(found, [partition, sort])) {
    return `Expected the key of the table ${table} to be ${shown([partition, sort])}, got ${shown(found)}: give the source the key that the table has.`;
  }
  return binaryFault(`table ${table}`, found, described) ?? indexFault(table, described, options);
}

export function keyTypes(described: Described): KeyTypes {
  const definitions = described.AttributeDefinitions ?? [];
  return Object.fromEntries(definitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
}

function indexFault(table: string, described: Described, { query, consistent }: TableOptions): string | undefined {
  if (query?.index === undefined) return undefined;
  const { name, partition, sort } = query.index;
  const { GlobalSecondaryIndexes: ofAll = [], LocalSecondaryIndexes: ofOne = [] } = described;
  const index = [...ofAll, ...ofOne].find(({ IndexName }) => IndexName === name);
  if (!index) {
    const known = [...ofAll, ...ofOne].map(({ IndexName }) => String(IndexName));
    return `Expected the table ${table} to have the index ${name}, got ${known.join(', ') || 'none'}: name one that it has.`;
  }
  const found = namesOf(index.KeySchema);
  if (!sameNames(found, [partition, sort])) {
    return `Expected the key of the index ${name} to be ${shown([partition, sort])}, got ${shown(found)}: give \`query.index\` the key that it has.`;
  }
  if (consistent === true && ofAll.some(({ IndexName }) => IndexName === name)) {
    return `Expected \`consistent\` to be false for ${name}, a global secondary index, which has no consistent reads, got true: leave it out.`;
  }
  return binaryFault(`index ${name}`, found, described);
}

function binaryFault(what: string, names: readonly string[], described: Described): string | undefined {
  const binary = names.find((name) =>
    described.AttributeDefinitions?.some((one) => one.AttributeName === name && one.AttributeType === 'B'),
  );
  if (binary === undefined) return undefined;
  return `Expected the key of the ${what} to be of strings and numbers, got the binary attribute ${binary}: an item's id has no bytes, so write a source of your own.`;
}

function namesOf(schema: Described['KeySchema']): readonly string[] {
  // The partition key comes first.
  return (schema ?? []).map(({ AttributeName }) => String(AttributeName));
}

function sameNames(found: readonly string[], wanted: readonly (string | undefined)[]): boolean {
  const given = wanted.filter((name) => name !== undefined);
  return found.length === given.length && found.every((name, index) => name === given[index]);
}

function shown(names: readonly (string | undefined)[]): string {
  return names.filter((name) => name !== undefined).join(' and ');
}
