import type { Resource, Stack } from './assembly';

/** Where a template's values lead: from a value to the resources that it names, in its own stack or in another. */
export class References {
  constructor(private readonly stacks: readonly Stack[]) {}

  /**
   * The resources that `value` names by `Ref`, `Fn::GetAtt`, `Fn::Sub` or `Fn::ImportValue`; what is no resource is
   * left out.
   */
  of(value: unknown, stackName: string): readonly Resource[] {
    if (typeof value !== 'object' || value === null) return [];
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name === 'Fn::ImportValue') return this.imported(argument);
    const named = entries.length === 1 ? this.namedBy(name, argument, stackName) : [];
    return [...named, ...entries.flatMap(([, inner]) => this.of(inner, stackName))];
  }

  /** The stack that exports this name. */
  exporterOf(name: string): Stack | undefined {
    return this.stacks.find((stack) => stack.exports.has(name));
  }

  private imported(name: unknown): readonly Resource[] {
    const exporter = this.exporterOf(String(name));
    return exporter === undefined ? [] : this.of(exporter.exports.get(String(name)), exporter.name);
  }

  private namedBy(intrinsic: string | undefined, argument: unknown, stackName: string): readonly Resource[] {
    const resources = this.stacks.find(({ name }) => name === stackName)?.resources;
    return targetsOf(intrinsic, argument).flatMap((target) => resources?.get(target) ?? []);
  }
}

/** Logical ids in the argument of an intrinsic function. */
function targetsOf(intrinsic: string | undefined, argument: unknown): readonly string[] {
  if (intrinsic === 'Ref') return [String(argument)];
  if (intrinsic === 'Fn::GetAtt')
    return [Array.isArray(argument) ? String(argument[0]) : String(argument).split('.')[0]!];
  if (intrinsic !== 'Fn::Sub') return [];
  const text = String(Array.isArray(argument) ? argument[0] : argument);
  return [...text.matchAll(/\$\{([^}!.]+)/g)].map(([, target = '']) => target);
}
