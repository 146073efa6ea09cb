import { isScope, isVariable, type TemplateNode } from './template-nodes';
import { TemplateFault } from './template-source';

/** What the templates make of a variable, or of what stands below one. */
interface Shape {
  /** How it is used, each with the first place of it. */
  readonly uses: Map<Use, string>;
  /** Somewhere it is used whatever the conditions around it say. */
  isNeeded: boolean;
  /** It is asked for: it may be null, unless it is used whatever the conditions say. */
  isAsked: boolean;
  isUsedUnasked: boolean;
  readonly members: Map<string, Shape>;
  element?: Shape;
}

type Use = 'printed' | 'link' | 'list' | 'object' | 'map';

/**
 * The TypeScript type of the variables that templates use: `{ readonly name: string | number; … }`. What is used only where
 * a condition holds may be left out, and what is asked for may be null.
 *
 * @param templates of all languages
 * @throws TemplateFault where one is used as two things, as text and as a list for instance
 */
export function variablesType(templates: readonly (readonly TemplateNode[])[]): string {
  const root = newShape();
  for (const nodes of templates) note(nodes, root, { lists: 0, conditional: -1 });
  return typeOf(root, '', '');
}

function newShape(): Shape {
  return { uses: new Map(), isNeeded: false, isAsked: false, isUsedUnasked: false, members: new Map() };
}

interface Around {
  /** How many lists it stands in. */
  readonly lists: number;
  /** How many lists the innermost condition stands in that it stands in; -1 for none. */
  readonly conditional: number;
}

function note(nodes: readonly TemplateNode[], root: Shape, around: Around): void {
  for (const node of nodes) {
    if (node.kind === 'content') continue;
    if (node.kind === 'print') {
      noteUse(node.path, node.isLink ? 'link' : 'printed', node.place, root, around);
      continue;
    }
    const { helper, body, inverse, path, place } = node;
    const isCondition = helper === 'if' || helper === 'unless';
    const lists = around.lists + (helper === 'each' ? 1 : 0);
    const conditional = isCondition ? around.lists : around.conditional;
    if (isCondition) noteUse(path, undefined, place, root, around);
    else if (!isScope(node.value)) noteUse(path, helper === 'each' ? 'list' : 'object', place, root, around);
    note(body, root, { lists, conditional });
    if (inverse) note(inverse, root, { lists: around.lists, conditional: around.lists });
  }
}

/** @param use undefined where it is asked for only */
function noteUse(path: string, use: Use | undefined, place: string, root: Shape, around: Around): void {
  if (!isVariable(path) || path === 'this') return;
  const [base = '', key] = path.split('.(');
  if (key !== undefined) {
    noteUse(key.replace(/\)$/, ''), 'printed', place, root, around);
    noteUse(base, 'map', place, root, around);
    return;
  }
  let shape = root;
  let lists = 0;
  for (const step of path.split(/\.|(?=\[)/)) {
    const isElement = step.startsWith('[');
    const next = (isElement ? shape.element : shape.members.get(step)) ?? newShape();
    if (isElement) shape.element = next;
    else shape.members.set(step, next);
    if (isElement) lists += 1;
    if (around.conditional < lists) next.isNeeded = true;
    shape = next;
  }
  if (use === undefined) {
    shape.isAsked = true;
    return;
  }
  if (around.conditional < lists) shape.isUsedUnasked = true;
  if (!shape.uses.has(use)) shape.uses.set(use, place);
}

function typeOf(shape: Shape, path: string, indent: string): string {
  const { uses, members, element } = shape;
  const kinds = new Map([...uses].map(([use, place]) => [use === 'link' ? 'printed' : use, place]));
  if (members.size > 0 && !kinds.has('object')) kinds.set('object', '');
  const [[, first] = [], [, second] = []] = [...kinds];
  if (kinds.size > 1) {
    throw new TemplateFault(
      first || second || path,
      `Expected \`${path}\` to be used as one thing, got it as ${[...kinds.keys()].join(' and as ')}: look at ${second || first}, too.`,
    );
  }
  if (kinds.has('list')) return `readonly ${wrapped(element ? typeOf(element, `${path}[]`, indent) : 'unknown')}[]`;
  if (kinds.has('map')) return 'Readonly<Record<string, string | number>>';
  if (kinds.has('printed')) return uses.has('link') ? 'string' : 'string | number';
  return kinds.has('object') || path === '' ? objectType(members, path, indent) : 'unknown';
}

function wrapped(type: string): string {
  return /^[\w{]/.test(type) && !/ \| |^readonly/.test(type.split('\n')[0] ?? '') ? type : `(${type})`;
}

function objectType(members: ReadonlyMap<string, Shape>, path: string, indent: string): string {
  const lines = [...members]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, shape]) => {
      const type = typeOf(shape, path === '' ? name : `${path}.${name}`, `${indent}  `);
      const orNull = shape.isAsked && !shape.isUsedUnasked && type !== 'unknown' ? `${type} | null` : type;
      const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
      return `${indent}  readonly ${key}${shape.isNeeded ? '' : '?'}: ${orNull};\n`;
    });
  return lines.length === 0 && path !== '' ? 'object' : `{\n${lines.join('')}${indent}}`;
}
