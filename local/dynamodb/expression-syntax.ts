import { validation } from './dynamodb-errors';

/**
 * Steps into an item. A string is an attribute name, or, with its leading `#`, a placeholder that
 * ExpressionAttributeNames resolves; a number is an index into a list.
 */
export type Path = readonly (string | number)[];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly of: Operand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type TestName = 'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly of: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly of: Operand; readonly choices: readonly Operand[] }
  | { readonly kind: 'test'; readonly name: TestName; readonly operands: readonly Operand[] };

export type NewValue =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: '+' | '-'; readonly left: NewValue; readonly right: NewValue }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: NewValue }
  | { readonly kind: 'list_append'; readonly left: NewValue; readonly right: NewValue };

export type UpdateAction =
  | { readonly kind: 'SET'; readonly path: Path; readonly value: NewValue }
  | { readonly kind: 'REMOVE'; readonly path: Path }
  | { readonly kind: 'ADD' | 'DELETE'; readonly path: Path; readonly value: string };

/** The parameter that an expression came in; DynamoDB's messages name it. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'UpdateExpression'
  | 'ProjectionExpression';

interface Token {
  readonly text: string;
  readonly at: number;
}

// Longest operators first. A name starts with a letter; placeholders may start with a digit after their sign.
const TOKEN = /\s*(?:([#:][A-Za-z0-9_]+|[A-Za-z][A-Za-z0-9_]*|[0-9]+|<>|<=|>=|[=<>(),.[\]+-])|(\S))/gy;

/** DynamoDB's limit on the length of an expression (Developer Guide, "Expression parameters"): 4 KB. */
const MAXIMUM_BYTES = 4096;

/** DynamoDB's limit on the operators and functions of an expression (the same page, "Operators and operands"). */
const MAXIMUM_OPERATORS = 300;

/** The tokens of one expression, and the names and values that it uses. */
export class TokenStream {
  readonly names = new Set<string>();
  readonly values = new Set<string>();
  private readonly tokens: Token[] = [];
  private next = 0;
  private operators = 0;
  private depth = 0;

  /**
   * @throws ServiceError `ValidationException` where the text is empty, too long or has a character that no token has
   */
  constructor(
    readonly kind: ExpressionKind,
    readonly text: string,
  ) {
    if (text === '') throw this.invalid('The expression can not be empty;');
    if (Buffer.byteLength(text) > MAXIMUM_BYTES) {
      throw this.invalid(
        `Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
      );
    }
    let wrong: number | undefined;
    for (const match of text.trimEnd().matchAll(TOKEN)) {
      const token = match[1] ?? match[2]!;
      this.tokens.push({ text: token, at: match.index + match[0].length - token.length });
      // The message about a wrong token shows the one after it, too.
      if (wrong !== undefined) break;
      if (match[2] !== undefined) wrong = this.tokens.length - 1;
    }
    if (wrong !== undefined) {
      this.next = wrong;
      throw this.unexpected();
    }
  }

  get position(): number {
    return this.next;
  }

  peek(ahead = 0): string | undefined {
    return this.tokens[this.next + ahead]?.text;
  }

  /** @throws ServiceError `ValidationException` where the expression has ended */
  take(): string {
    const token = this.tokens[this.next];
    if (token === undefined) throw this.unexpected();
    this.next++;
    return token.text;
  }

  /** Takes the next token if it is `text`; keywords in any case. */
  takeIf(text: string): boolean {
    if (this.peek()?.toUpperCase() !== text) return false;
    this.next++;
    return true;
  }

  /** @throws ServiceError `ValidationException` where another token comes */
  expect(text: string): void {
    if (!this.takeIf(text)) throw this.unexpected();
  }

  /** @throws ServiceError `ValidationException` where more tokens come */
  requireEnd(): void {
    if (this.next < this.tokens.length) throw this.unexpected();
  }

  /** To be called for each operator and each function. */
  countOperator(): void {
    this.operators++;
  }

  /**
   * To be called around whatever is parsed inside parentheses. Refused while it is read: more of them than operators are
   * redundant or not closed, and some thousands overflow the stack.
   *
   * @throws ServiceError `ValidationException` where the parentheses are too many
   */
  nested<Tree>(parse: () => Tree): Tree {
    this.depth++;
    if (this.depth > MAXIMUM_OPERATORS) {
      throw this.invalid(`The expression has more than ${MAXIMUM_OPERATORS} parentheses inside one another;`);
    }
    const tree = parse();
    this.depth--;
    return tree;
  }

  /**
   * To be called at the end: DynamoDB names the number of all operators.
   *
   * @throws ServiceError `ValidationException` where the operators are too many
   */
  checkOperatorCount(): void {
    if (this.operators <= MAXIMUM_OPERATORS) return;
    throw this.invalid(`The expression contains too many operators; operator count: ${this.operators}`);
  }

  unexpected(): Error {
    const token = this.tokens[this.next];
    const from = this.tokens[Math.max(0, this.next - 1)]?.at ?? 0;
    const to = this.tokens[this.next + 1];
    const near = this.text.slice(from, to === undefined ? undefined : to.at + to.text.length);
    return this.invalid(`Syntax error; token: "${token?.text ?? '<EOF>'}", near: "${near}"`);
  }

  invalid(message: string): Error {
    return validation(`Invalid ${this.kind}: ${message}`);
  }
}
