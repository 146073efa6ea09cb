/** A template whose partials and words are all put in: what is left of Handlebars' tree. */
export type TemplateNode = Content | Print | Block;

/** What is printed as it stands. */
export interface Content {
  readonly kind: 'content';
  readonly text: string;
}

/** What is known of a variable where it is used. */
interface Use {
  readonly value: hbs.AST.Expression;
  /** As in `Scope`, `weeks[1].title`; or in quotes, or `words.…`, where it is no variable. */
  readonly path: string;
  /** `html.hbs:12` */
  readonly place: string;
}

export interface Print extends Use {
  readonly kind: 'print';
  /** It is an address in `href` or `src`, or begins one. */
  readonly isLink?: true;
}

export interface Block extends Use {
  readonly kind: 'block';
  readonly helper: 'if' | 'unless' | 'each' | 'with';
  readonly blockParams: readonly string[];
  readonly body: readonly TemplateNode[];
  readonly inverse?: readonly TemplateNode[];
}

/** Every node, those within blocks too, in the order in which they stand. */
export function* everyNode(nodes: readonly TemplateNode[]): Generator<TemplateNode> {
  for (const node of nodes) {
    yield node;
    if (node.kind !== 'block') continue;
    yield* everyNode(node.body);
    yield* everyNode(node.inverse ?? []);
  }
}

/** Whether a path names a variable: not text or a word that a partial was given, nor a value of a list's own. */
export function isVariable(path: string): boolean {
  return !/^["'@\d-]|^words\.|^(true|false|null|undefined)$/.test(path);
}

/** The helper of functions/email/template-helpers.ts that each block's value goes through. */
const GUARDS = { if: '$known', unless: '$known', each: '$list', with: '$object' } as const;

/**
 * The nodes as a tree for `Handlebars.precompile`.
 *
 * @param print the helper of functions/email/template-helpers.ts that prints
 */
export function programOf(
  nodes: readonly TemplateNode[],
  print: '$html' | '$text',
  blockParams: readonly string[] = [],
): hbs.AST.Program {
  return made('Program', { body: nodes.map((node) => statementOf(node, print)), blockParams, strip: {} });
}

function statementOf(node: TemplateNode, print: '$html' | '$text'): hbs.AST.Statement {
  if (node.kind === 'content') return made('ContentStatement', { value: node.text, original: node.text });
  if (node.kind === 'print') {
    const params = [node.value, literal(node.path), literal(node.place)];
    const helper = node.isLink && print === '$html' ? '$url' : print;
    return made('MustacheStatement', { path: simple(helper), params, escaped: false, strip: {} });
  }
  const { helper, body, inverse, value, path, place, blockParams } = node;
  return made('BlockStatement', {
    path: simple(helper),
    params: [isScope(value) ? value : guarded(GUARDS[helper], value, path, place)],
    program: programOf(body, print, blockParams),
    openStrip: {},
    inverseStrip: {},
    closeStrip: {},
    ...(inverse && { inverse: programOf(inverse, print) }),
  });
}

/** The value, once a helper of functions/email/template-helpers.ts has found nothing wrong with it. */
export function guarded(
  helper: '$known' | '$list' | '$object',
  value: hbs.AST.Expression,
  path: string,
  place: string,
): hbs.AST.SubExpression {
  return made('SubExpression', { path: simple(helper), params: [value, literal(path), literal(place)] });
}

/** What a partial sees that was given something. */
export function scopeOf(context: hbs.AST.Expression, given: ReadonlyMap<string, hbs.AST.Expression>) {
  const pairs = [...given].map(([key, value]) => made<hbs.AST.HashPair>('HashPair', { key, value }));
  const hash = made<hbs.AST.Hash>('Hash', { pairs });
  return made<hbs.AST.SubExpression>('SubExpression', { path: simple('$scope'), params: [context], hash });
}

export function isScope(value: hbs.AST.Expression): boolean {
  return value.type === 'SubExpression' && (value as hbs.AST.SubExpression).path.original === '$scope';
}

export function literal(value: string): hbs.AST.StringLiteral {
  return made('StringLiteral', { value, original: value });
}

/** `this`, as an expression. */
export function thisExpression(): hbs.AST.PathExpression {
  return made('PathExpression', { data: false, depth: 0, parts: [], original: 'this' });
}

function simple(name: string): hbs.AST.PathExpression {
  return made('PathExpression', { data: false, depth: 0, parts: [name], original: name });
}

/** Places are told by the helpers, so the generated code needs none. */
function made<Node extends hbs.AST.Node>(type: Node['type'], fields: object): Node {
  return { type, loc: undefined, ...fields } as unknown as Node;
}
