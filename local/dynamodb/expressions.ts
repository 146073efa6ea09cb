import { parseCondition } from './condition-parser';
import { checkOperands, type Placeholders } from './conditions';
import { type Condition, type ExpressionKind, type Path, TokenStream, type UpdateAction } from './expression-syntax';
import { parseProjection } from './path-parser';
import { checkOverlaps, resolvePath } from './paths';
import { parseUpdate } from './update-parser';
import { acceptItem, type Value, validation } from './values';

interface Parsed<Tree> {
  readonly tree: Tree;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Callers write their expressions as constants; past this many, some caller builds texts and caching is of no use. */
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

  /** `kinds`: the expressions that this operation takes, in the order in which DynamoDB reads them. */
  constructor(
    private readonly input: Readonly<Record<string, unknown>>,
    kinds: readonly ExpressionKind[],
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
      names: names === undefined ? {} : acceptPlaceholders('ExpressionAttributeNames', '#', names, acceptName),
      values:
        values === undefined ? {} : acceptPlaceholders('ExpressionAttributeValues', ':', values, (value) => value),
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

  /** To be called once every expression was read. */
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
    if (typeof text !== 'string') throw validation(`Expected ${kind} to be a string, got ${typeof text}.`);
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

function acceptPlaceholders<Result extends Value>(
  parameter: string,
  sign: '#' | ':',
  value: unknown,
  check: (value: Value, key: string) => Result,
): Record<string, Result> {
  const accepted: Record<string, Result> = {};
  const given = acceptItem(value, parameter);
  for (const key of Object.keys(given)) {
    if (key[0] !== sign || !/^.[0-9A-Za-z_]+$/.test(key)) {
      throw validation(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
    }
    accepted[key] = check(given[key]!, key);
  }
  if (Object.keys(accepted).length === 0) throw validation(`${parameter} must not be empty`);
  return accepted;
}

function acceptName(value: Value, key: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw validation(`ExpressionAttributeNames contains invalid value: Empty attribute name; key: ${key}`);
}
