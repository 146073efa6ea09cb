import { parseCondition } from './condition-parser';
import { checkOperands, type Placeholders } from './conditions';
import { serialization, validation } from './dynamodb-errors';
import { type Condition, type ExpressionKind, type Path, TokenStream, type UpdateAction } from './expression-syntax';
import { parseProjection } from './path-parser';
import { checkOverlaps, resolvePath } from './paths';
import { parseUpdate } from './update-parser';
import { type Codec, checkAttributeName, type Item } from './values';

interface Parsed<Tree> {
  readonly tree: Tree;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/**
 * Parsed expressions that are cached. There are more only where a caller builds their texts: then caching does not
 * help.
 */
const MAXIMUM_CACHED = 10_000;

class Cache<Tree> {
  private readonly parsed = new Map<string, Parsed<Tree>>();

  constructor(private readonly parse: (tokens: TokenStream) => Tree) {}

  get(kind: ExpressionKind, text: string): Parsed<Tree> {
    const known = this.parsed.get(text);
    if (known !== undefined) return known;
    const tokens = new TokenStream(kind, text);
    const tree = this.parse(tokens);
    const parsed: Parsed<Tree> = { tree, names: [...tokens.names], values: [...tokens.values] };
    if (this.parsed.size >= MAXIMUM_CACHED) this.parsed.clear();
    this.parsed.set(text, parsed);
    return parsed;
  }
}

const conditions = new Cache(parseCondition);
const updates = new Cache(parseUpdate);
const projections = new Cache(parseProjection);

/** What one call says in expressions. Construction refuses placeholders that are malformed, undefined or unused. */
export class Expressions {
  readonly placeholders: Placeholders;
  private readonly unusedNames: Set<string>;
  private readonly unusedValues: Set<string>;

  /**
   * `kinds`: the expressions that this operation takes, in the order in which DynamoDB reads them.
   *
   * @throws ServiceError where a placeholder or an expression is malformed
   */
  constructor(
    private readonly input: Readonly<Record<string, unknown>>,
    kinds: readonly ExpressionKind[],
    codec: Codec,
  ) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
    if (names === undefined && values === undefined) {
      this.placeholders = NONE;
      this.unusedNames = new Set();
      this.unusedValues = new Set();
      return;
    }
    if (names !== undefined && kinds.every((kind) => input[kind] === undefined)) {
      throw validation('ExpressionAttributeNames can only be specified when using expressions');
    }
    const withValues = kinds.filter((kind) => kind !== 'ProjectionExpression');
    if (values !== undefined && withValues.every((kind) => input[kind] === undefined)) {
      const verb = withValues.length > 1 ? 'are' : 'is';
      throw validation(
        `ExpressionAttributeValues can only be specified when using expressions: ${withValues.join(' and ')} ${verb} null`,
      );
    }
    this.placeholders = {
      names: names === undefined ? {} : acceptNames(names),
      values: values === undefined ? {} : acceptValues(values, codec),
    };
    this.unusedNames = new Set(Object.keys(this.placeholders.names));
    this.unusedValues = new Set(Object.keys(this.placeholders.values));
  }

  condition(kind: 'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression'): Condition | undefined {
    const condition = this.use(kind, conditions);
    if (condition !== undefined) checkOperands(kind, condition, this.placeholders.values);
    return condition;
  }

  update(): readonly UpdateAction[] | undefined {
    return this.use('UpdateExpression', updates);
  }

  projection(): readonly Path[] | undefined {
    const paths = this.use('ProjectionExpression', projections)?.map((path) =>
      resolvePath(path, this.placeholders.names),
    );
    if (paths !== undefined) checkOverlaps('ProjectionExpression', paths);
    return paths;
  }

  /**
   * To be called once every expression was read.
   *
   * @throws ServiceError where a placeholder was not used
   */
  checkAllUsed(): void {
    for (const [parameter, unused] of [
      ['ExpressionAttributeNames', this.unusedNames],
      ['ExpressionAttributeValues', this.unusedValues],
    ] as const) {
      if (unused.size === 0) continue;
      throw validation(`Value provided in ${parameter} unused in expressions: keys: {${[...unused].join(', ')}}`);
    }
  }

  private use<Tree>(kind: ExpressionKind, cache: Cache<Tree>): Tree | undefined {
    const text = this.input[kind];
    if (text === undefined) return undefined;
    if (typeof text !== 'string') throw serialization(`Expected ${kind} to be a string, got ${typeof text}.`);
    const parsed = cache.get(kind, text);
    for (const name of parsed.names) {
      if (!Object.hasOwn(this.placeholders.names, name)) {
        throw validation(
          `Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
        );
      }
      this.unusedNames.delete(name);
    }
    for (const name of parsed.values) {
      if (!Object.hasOwn(this.placeholders.values, name)) {
        throw validation(
          `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${name}`,
        );
      }
      this.unusedValues.delete(name);
    }
    return parsed.tree;
  }
}

const NONE: Placeholders = { names: {}, values: {} };

/** Bytes of a placeholder, sign included (Developer Guide, "Constraints", expression parameters). */
const MAXIMUM_PLACEHOLDER_BYTES = 255;

function acceptNames(given: unknown): Record<string, string> {
  checkPlaceholders('ExpressionAttributeNames', '#', given);
  const names: Record<string, string> = {};
  for (const key of Object.keys(given)) {
    const name: unknown = given[key];
    if (name === undefined) continue;
    if (typeof name !== 'string') {
      throw serialization(`Expected ExpressionAttributeNames to have strings for values, got ${typeof name}.`);
    }
    if (name === '') {
      throw validation(`ExpressionAttributeNames contains invalid value: Empty attribute name; key: ${key}`);
    }
    checkAttributeName(name);
    names[key] = name;
  }
  return names;
}

function acceptValues(given: unknown, codec: Codec): Item {
  checkPlaceholders('ExpressionAttributeValues', ':', given);
  return codec.item(given, 'ExpressionAttributeValues');
}

function checkPlaceholders(
  parameter: string,
  sign: '#' | ':',
  given: unknown,
): asserts given is Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw serialization(`Expected ${parameter} to be an object, got ${given === null ? 'null' : typeof given}.`);
  }
  const keys = Object.keys(given);
  if (keys.length === 0) throw validation(`${parameter} must not be empty`);
  for (const key of keys) {
    if (key.length > MAXIMUM_PLACEHOLDER_BYTES) {
      throw validation(
        `${parameter} contains invalid key: The expression attribute map contains a key that is too long; key: "${key}"`,
      );
    }
    if (key[0] !== sign || !/^.[0-9A-Za-z_]+$/.test(key)) {
      throw validation(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
    }
  }
}
