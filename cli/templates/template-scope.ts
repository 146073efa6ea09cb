/** Where in the variables a part of a template stands. */
export interface Scope {
  /**
   * Path of `this` from the mail's variables on, `[1]` where the outermost list is gone through that it stands in: empty for
   * the variables themselves.
   */
  readonly path: string;
  /** What `../` is. */
  readonly parent?: Scope;
  /** Block parameters (`as |week|`) of here and further out, each with its path. */
  readonly blockParams: ReadonlyMap<string, string>;
  /** What `this` has beside, because a partial or a word was given it: by name, each with the path of its value. */
  readonly given: ReadonlyMap<string, string>;
  /** How many lists it stands in. */
  readonly lists: number;
}

export const ROOT: Scope = { path: '', blockParams: new Map(), given: new Map(), lists: 0 };

/** What names stand for within a list or an object. `@index` and the like are values of Handlebars' own. */
const OF_LISTS = ['index', 'key', 'first', 'last'];

/**
 * The path from the mail's variables on to what an expression names.
 *
 * @returns what is wrong with it, as a sentence, instead
 */
export function pathIn(expression: hbs.AST.PathExpression, scope: Scope): { path: string } | { fault: string } {
  const { data, depth, parts, original } = expression;
  if (parts.some((part) => /[.[\]()'"]/.test(part))) {
    return {
      fault: `Expected a name without dots, brackets and quotes, got ${original}: give the variable another name.`,
    };
  }
  if (data) return dataPath(expression, scope);
  let at = scope;
  for (let up = 0; up < depth; up += 1) {
    if (!at.parent)
      return { fault: `Expected \`../\` to stay within the variables, got ${original}: remove a \`../\`.` };
    at = at.parent;
  }
  const [first = '', ...rest] = parts;
  const isThis = /^(\.|this\b)/.test(original);
  const named = isThis ? undefined : at.blockParams.get(first);
  if (named !== undefined) return { path: [named, ...rest].join('.') };
  const handed = at.given.get(first);
  if (handed !== undefined) return { path: [handed, ...rest].join('.') };
  return { path: [at.path, ...parts].filter((part) => part !== '').join('.') || 'this' };
}

function dataPath({ parts, original }: hbs.AST.PathExpression, scope: Scope): { path: string } | { fault: string } {
  const [first = '', ...rest] = parts;
  if (first === 'root' && rest.length > 0) return { path: rest.join('.') };
  if (OF_LISTS.includes(first) && rest.length === 0 && scope.lists > 0) return { path: original };
  return {
    fault: `Expected @root.…, @language, @subject or, within #each, @index, @key, @first or @last, got ${original}: correct it.`,
  };
}

/** The scope within a block. */
export function within(
  scope: Scope,
  { helper, path, blockParams }: { helper: string; path: string; blockParams: readonly string[] },
): Scope {
  if (helper === 'if' || helper === 'unless') return scope;
  const lists = scope.lists + (helper === 'each' ? 1 : 0);
  const inner = helper === 'each' ? `${path}[${lists}]` : path;
  const [value, index] = blockParams;
  const named = new Map(scope.blockParams);
  if (value !== undefined) named.set(value, inner);
  if (index !== undefined) named.set(index, '@index');
  return { path: inner, parent: scope, blockParams: named, given: new Map(), lists };
}

/** The scope of a partial, or a word, that was given something beside what stands at `path`. */
export function given(scope: Scope, path: string, paths: ReadonlyMap<string, string>): Scope {
  return { ...scope, path, parent: scope, given: paths };
}
