/** A node of JSONata's syntax tree, as far as it is looked at here. */
export interface SyntaxNode {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly SyntaxNode[];
  readonly [property: string]: unknown;
}

/** Functions of JSONata that are refused: `$eval` by AWS itself, `$shuffle` because it cannot be seeded here. */
const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {
  eval: "Step Functions has no '$eval'; use '$parse'.",
  shuffle: "The embedded Step Functions does not implement '$shuffle'.",
};

/** Properties of a node whose contents see another context item than the node itself. */
const NESTED = new Set(['stages', 'predicate', 'group', 'terms']);

/**
 * What AWS refuses in an expression: a reference to the context item at the top level (there is none: the input is
 * `$states.input`), `$$`, `$eval`, and `$states.errorOutput` outside a catcher. Returns one sentence, or undefined.
 */
export function refusal(root: SyntaxNode, inCatcher: boolean): string | undefined {
  const visit = (node: SyntaxNode, topLevel: boolean): string | undefined => {
    if (node.type === 'variable') return refusedVariable(String(node.value), topLevel);
    if (node.type === 'path') {
      const [first, second] = node.steps ?? [];
      if (!inCatcher && first?.value === 'states' && second?.value === 'errorOutput') {
        return "Reference to '$states.errorOutput' is only supported in the 'Output' and 'Assign' of a 'Catch'.";
      }
    }
    if (topLevel && (node.type === 'name' || node.type === 'wildcard' || node.type === 'descendant')) {
      return `Reference to '${node.type === 'descendant' ? '**' : node.value}' at the top level is not supported.`;
    }
    return visitProperties(node, topLevel);
  };

  const visitProperties = (node: SyntaxNode, topLevel: boolean): string | undefined => {
    for (const [property, value] of Object.entries(node)) {
      const found =
        property === 'steps' && Array.isArray(value)
          ? firstRefusal(value, (step, index) => visit(step, topLevel && index === 0))
          : visitValue(value, topLevel && !NESTED.has(property));
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const visitValue = (value: unknown, topLevel: boolean): string | undefined => {
    if (Array.isArray(value)) return firstRefusal(value, (entry) => visitValue(entry, topLevel));
    if (typeof value !== 'object' || value === null) return undefined;
    if ('type' in value) return visit(value as SyntaxNode, topLevel);
    return visitProperties(value as SyntaxNode, topLevel);
  };

  return visit(root, true);
}

function refusedVariable(name: string, topLevel: boolean): string | undefined {
  if (name === '$') return "Reference to '$$' is not supported.";
  if (name === '' && topLevel) return "Reference to '$' at the top level is not supported.";
  return REFUSED_FUNCTIONS[name];
}

function firstRefusal<T>(values: readonly T[], check: (value: T, index: number) => string | undefined) {
  for (const [index, value] of values.entries()) {
    const found = check(value, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
