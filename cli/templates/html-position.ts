import type { Block, Print, TemplateNode } from './template-nodes';
import { TemplateFault } from './template-source';

/** Where in HTML something stands. */
interface Position {
  readonly in: 'text' | 'tag' | 'value' | 'bare value' | 'comment' | 'raw text';
  /** Of the tag, lower case. */
  readonly tag?: string;
  /** Of the value: the attribute, lower case, its quote, and whether it has just begun. */
  readonly attribute?: string;
  readonly quote?: string;
  readonly isStart?: boolean;
}

const START: Position = { in: 'text' };
/** Attributes that are addresses. */
const LINKS = ['href', 'src', 'action', 'background', 'formaction', 'poster'];

/**
 * The nodes of a page, those that are links marked as such.
 *
 * @throws TemplateFault where escaping does not help: a variable in `<style>` or `<script>`, in a tag, or in an attribute
 * without quotes; or where a block leaves a tag open
 */
export function placedInHtml(nodes: readonly TemplateNode[]): readonly TemplateNode[] {
  return placed(nodes, START).nodes;
}

interface Placed<Node> {
  readonly nodes: readonly Node[];
  readonly end: Position;
}

function placed(nodes: readonly TemplateNode[], start: Position): Placed<TemplateNode> {
  const result: TemplateNode[] = [];
  let position = start;
  for (const node of nodes) {
    if (node.kind === 'content') {
      position = after(node.text, position);
      result.push(node);
    } else if (node.kind === 'print') {
      result.push(placedPrint(node, position));
      position = { ...position, isStart: false };
    } else {
      const block = placedBlock(node, position);
      result.push(...block.nodes);
      position = block.end;
    }
  }
  return { nodes: result, end: position };
}

function placedPrint(node: Print, { in: where, tag, attribute = '', isStart }: Position): Print {
  if (where === 'text' || where === 'comment') return node;
  const isCode = attribute.startsWith('on');
  if (where === 'value' && !isCode) return isStart && LINKS.includes(attribute) ? { ...node, isLink: true } : node;
  const got = { tag: 'a tag', value: attribute, 'bare value': `${attribute} without quotes`, 'raw text': `<${tag}>` }[
    where
  ];
  throw new TemplateFault(
    node.place,
    `Expected \`${node.path}\` to stand in text or in an attribute's quotes, got it in ${got}: move it there.`,
  );
}

function placedBlock(node: Block, start: Position): Placed<Block> {
  const body = placed(node.body, start);
  const inverse = node.inverse && placed(node.inverse, start);
  const otherEnd = inverse?.end ?? start;
  const isRepeated = node.helper === 'each';
  if (!isSame(body.end, otherEnd) || (isRepeated && !isSame(body.end, start))) {
    throw new TemplateFault(
      node.place,
      `Expected #${node.helper} to close what it opens, got a tag or an attribute left open: close it before the block ends.`,
    );
  }
  const end = { ...body.end, isStart: body.end.isStart === true || otherEnd.isStart === true };
  return { nodes: [{ ...node, body: body.nodes, ...(inverse && { inverse: inverse.nodes }) }], end };
}

function isSame(one: Position, other: Position): boolean {
  return (['in', 'tag', 'attribute', 'quote'] as const).every((part) => one[part] === other[part]);
}

function after(text: string, start: Position): Position {
  let position = start;
  for (let at = 0; at < text.length; ) {
    const step = next(text.slice(at), position);
    position = step.position;
    at += step.length;
  }
  return position;
}

interface Step {
  readonly length: number;
  readonly position: Position;
}

/** One step through HTML: of one character at least. */
function next(text: string, position: Position): Step {
  switch (position.in) {
    case 'text':
      return fromText(text);
    case 'comment':
      return until('-->', text, position, START);
    case 'raw text':
      return until(`</${position.tag}`, text, position, { in: 'tag', tag: '' });
    case 'value': {
      const isStart = position.isStart === true && text.trim() === '';
      return until(position.quote ?? '"', text, { ...position, isStart }, { in: 'tag', tag: position.tag ?? '' });
    }
    case 'bare value':
      return /^[\s>]/.test(text)
        ? { length: 0, position: { in: 'tag', tag: position.tag ?? '' } }
        : { length: 1, position };
    case 'tag':
      return fromTag(text, position);
  }
}

function fromText(text: string): Step {
  if (text.startsWith('<!--')) return { length: 4, position: { in: 'comment' } };
  const [tag, name = ''] = /^<[/!]?([a-z][^\s/>]*)/i.exec(text) ?? [];
  if (tag) return { length: tag.length, position: { in: 'tag', tag: tag[1] === '/' ? '' : name.toLowerCase() } };
  // What is printed next would be the tag's name.
  const open = /^<[/!]?$/.exec(text)?.[0];
  if (open) return { length: open.length, position: { in: 'tag', tag: '' } };
  const plain = /^[^<]+/.exec(text)?.[0].length ?? 1;
  return { length: plain, position: START };
}

function fromTag(text: string, position: Position): Step {
  const { tag = '' } = position;
  if (text.startsWith('>')) {
    return { length: 1, position: tag === 'style' || tag === 'script' ? { in: 'raw text', tag } : START };
  }
  const [assignment, name = '', quote] = /^([^\s"'<>/=]+)\s*=\s*(["'])?/.exec(text) ?? [];
  if (!assignment) return { length: 1, position };
  const attribute = name.toLowerCase();
  return {
    length: assignment.length,
    position: quote ? { in: 'value', tag, attribute, quote, isStart: true } : { in: 'bare value', tag, attribute },
  };
}

function until(mark: string, text: string, position: Position, end: Position): Step {
  const at = text.toLowerCase().indexOf(mark);
  return at < 0 ? { length: text.length, position } : { length: at + mark.length, position: end };
}
