import type { NewValue, TokenStream, UpdateAction } from './expression-syntax';
import { isName, parsePath, parseValueName } from './path-parser';

const SECTIONS: ReadonlySet<string> = new Set(['SET', 'REMOVE', 'ADD', 'DELETE']);

/** @throws ServiceError `ValidationException` where it is no update expression */
export function parseUpdate(tokens: TokenStream): readonly UpdateAction[] {
  const actions: UpdateAction[] = [];
  const seen = new Set<string>();
  do {
    const section = tokens.peek()?.toUpperCase() ?? '';
    if (!SECTIONS.has(section)) throw tokens.unexpected();
    tokens.take();
    if (seen.has(section)) {
      throw tokens.invalid(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    do {
      actions.push(parseAction(tokens, section));
    } while (tokens.takeIf(','));
  } while (tokens.peek() !== undefined);
  tokens.checkOperatorCount();
  return actions;
}

function parseAction(tokens: TokenStream, section: string): UpdateAction {
  const path = parsePath(tokens);
  switch (section) {
    case 'REMOVE':
      return { kind: 'REMOVE', path };
    case 'ADD':
    case 'DELETE':
      return { kind: section, path, value: parseValueName(tokens) };
    default:
      tokens.expect('=');
      return { kind: 'SET', path, value: parseSum(tokens) };
  }
}

/** `operand`, `operand + operand` or `operand - operand`: DynamoDB takes no longer sums. */
function parseSum(tokens: TokenStream): NewValue {
  const left = parseOperand(tokens);
  const sign = tokens.peek();
  if (sign !== '+' && sign !== '-') return left;
  tokens.take();
  tokens.countOperator();
  return { kind: sign, left, right: parseOperand(tokens) };
}

function parseOperand(tokens: TokenStream): NewValue {
  const next = tokens.peek();
  if (next?.startsWith(':')) return { kind: 'value', name: parseValueName(tokens) };
  if (next === undefined || !isName(next)) throw tokens.unexpected();
  if (tokens.peek(1) !== '(') return { kind: 'path', path: parsePath(tokens) };
  tokens.take();
  if (next !== 'if_not_exists' && next !== 'list_append') {
    throw tokens.invalid(`Invalid function name; function: ${next}`);
  }
  tokens.countOperator();
  tokens.expect('(');
  const operands = tokens.nested(() => {
    const parsed = [parseOperand(tokens)];
    while (tokens.takeIf(',')) parsed.push(parseOperand(tokens));
    return parsed;
  });
  tokens.expect(')');
  const [first, second] = operands;
  if (first === undefined || second === undefined || operands.length !== 2) {
    throw tokens.invalid(
      `Incorrect number of operands for operator or function; operator or function: ${next}, number of operands: ${operands.length}`,
    );
  }
  if (next === 'list_append') return { kind: 'list_append', left: first, right: second };
  if (first.kind !== 'path') {
    throw tokens.invalid(`Operator or function requires a document path; operator or function: ${next}`);
  }
  return { kind: 'if_not_exists', path: first.path, otherwise: second };
}
