import type { Comparator, Condition, Operand, TestName, TokenStream } from './expression-syntax';
import { isName, parsePath, parseValueName } from './path-parser';

const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(['=', '<>', '<', '<=', '>', '>=']);
const OPERAND_COUNTS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
const KEYWORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
/** DynamoDB's limit on the operands of IN. */
const MAXIMUM_CHOICES = 100;

export function parseCondition(tokens: TokenStream): Condition {
  const condition = parseOr(tokens);
  tokens.requireEnd();
  tokens.checkOperatorCount();
  return condition;
}

function parseOr(tokens: TokenStream): Condition {
  let left = parseAnd(tokens);
  while (tokens.takeIf('OR')) {
    tokens.countOperator();
    left = { kind: 'or', left, right: parseAnd(tokens) };
  }
  return left;
}

function parseAnd(tokens: TokenStream): Condition {
  let left = parseNot(tokens);
  while (tokens.takeIf('AND')) {
    tokens.countOperator();
    left = { kind: 'and', left, right: parseNot(tokens) };
  }
  return left;
}

function parseNot(tokens: TokenStream): Condition {
  if (tokens.takeIf('NOT')) {
    tokens.countOperator();
    return { kind: 'not', of: parseNot(tokens) };
  }
  if (tokens.peek() !== '(') return parseComparison(tokens);
  tokens.expect('(');
  const redundant = tokens.peek() === '(';
  const first = tokens.position;
  const condition = tokens.nested(() => parseOr(tokens));
  // `((a) AND (b))` is fine, `((a AND b))` is not: the inner parentheses end right before the outer ones.
  if (redundant && closesAt(tokens, first) === tokens.position - 1) {
    throw tokens.invalid('The expression has redundant parentheses;');
  }
  tokens.expect(')');
  return condition;
}

/** Position of the parenthesis that closes the one at `open`. */
function closesAt(tokens: TokenStream, open: number): number {
  let depth = 0;
  for (let position = open; ; position++) {
    const token = tokens.peek(position - tokens.position);
    if (token === '(') depth++;
    if (token === ')' && --depth === 0) return position;
    if (token === undefined) return -1;
  }
}

function parseComparison(tokens: TokenStream): Condition {
  const call = peekCall(tokens);
  if (call !== undefined && call !== 'size') {
    const operands = parseArguments(tokens);
    const next = tokens.peek()?.toUpperCase();
    if (next !== undefined && (COMPARATORS.has(next) || next === 'BETWEEN' || next === 'IN'))
      throw misused(tokens, call);
    checkDistinct(tokens, call, operands);
    if (call.startsWith('attribute_') && call !== 'attribute_type' && operands[0]!.kind !== 'path') {
      throw tokens.invalid(`Operator or function requires a document path; operator or function: ${call}`);
    }
    return { kind: 'test', name: call as TestName, operands };
  }
  const left = parseOperand(tokens);
  if (tokens.takeIf('BETWEEN')) {
    tokens.countOperator();
    const low = parseOperand(tokens);
    tokens.expect('AND');
    return { kind: 'between', of: left, low, high: parseOperand(tokens) };
  }
  if (tokens.takeIf('IN')) {
    tokens.countOperator();
    const choices = parseList(tokens);
    if (choices.length > MAXIMUM_CHOICES) {
      throw tokens.invalid(`The IN operator is provided with too many operands; number of operands: ${choices.length}`);
    }
    return { kind: 'in', of: left, choices };
  }
  const comparator = tokens.peek();
  if (comparator === undefined || !COMPARATORS.has(comparator)) {
    if (left.kind === 'size') throw misused(tokens, 'size');
    throw tokens.unexpected();
  }
  tokens.take();
  tokens.countOperator();
  const right = parseOperand(tokens);
  checkDistinct(tokens, comparator, [left, right]);
  return { kind: 'compare', comparator: comparator as Comparator, left, right };
}

function parseOperand(tokens: TokenStream): Operand {
  const next = tokens.peek();
  if (next?.startsWith(':')) return { kind: 'value', name: parseValueName(tokens) };
  const call = peekCall(tokens);
  if (call === 'size') return { kind: 'size', of: parseArguments(tokens)[0]! };
  if (call !== undefined) throw misused(tokens, call);
  if (next !== undefined && isName(next) && !KEYWORDS.has(next.toUpperCase())) {
    return { kind: 'path', path: parsePath(tokens) };
  }
  throw tokens.unexpected();
}

/** The name of the function that is called here, or undefined if this is no call. */
function peekCall(tokens: TokenStream): string | undefined {
  const name = tokens.peek();
  if (name === undefined || tokens.peek(1) !== '(' || !/^[A-Za-z]/.test(name) || KEYWORDS.has(name.toUpperCase())) {
    return undefined;
  }
  if (!Object.hasOwn(OPERAND_COUNTS, name)) throw tokens.invalid(`Invalid function name; function: ${name}`);
  return name;
}

function parseArguments(tokens: TokenStream): readonly Operand[] {
  const name = tokens.take();
  tokens.countOperator();
  const operands = parseList(tokens);
  if (operands.length !== OPERAND_COUNTS[name]) {
    throw tokens.invalid(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  return operands;
}

function parseList(tokens: TokenStream): readonly Operand[] {
  tokens.expect('(');
  const operands = tokens.nested(() => {
    const parsed = [parseOperand(tokens)];
    while (tokens.takeIf(',')) parsed.push(parseOperand(tokens));
    return parsed;
  });
  tokens.expect(')');
  return operands;
}

function misused(tokens: TokenStream, name: string): Error {
  return tokens.invalid(`The function is not allowed to be used this way in an expression; function: ${name}`);
}

/** `a = a` says nothing: DynamoDB refuses it. */
function checkDistinct(tokens: TokenStream, operator: string, operands: readonly Operand[]): void {
  const [first, second] = operands;
  if (first?.kind !== 'path' || second?.kind !== 'path') return;
  if (first.path.length !== second.path.length || first.path.some((step, index) => step !== second.path[index])) return;
  throw tokens.invalid(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${describePath(first.path)}`,
  );
}

export function describePath(path: readonly (string | number)[]): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}
