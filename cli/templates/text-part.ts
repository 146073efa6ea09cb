import { convert, type FormatCallback } from 'html-to-text';
import { type Block, everyNode, isVariable, type Print, type TemplateNode } from './template-nodes';
import { TemplateFault } from './template-source';

/**
 * Around the number of a node, where a page goes through the converter as plain HTML: no text has these. What is printed
 * begins with the one, what opens or closes a block with the other.
 */
const MARK = /[\uE000\uE002](\d+)\uE001/;
const MARKS = new RegExp(MARK, 'g');
/** The marks of blocks, one after the other. */
const ENDS = '((?:\uE002\\d+\uE001)+)';

/** What a mark stands for. */
type Marked = Print | { readonly opens: Block } | { readonly turns: Block } | { readonly closes: Block };

/** A page as text, and which of its nodes are left in it. */
interface TextOfPage {
  readonly text: string;
  readonly marked: readonly Marked[];
}

/**
 * The text part made of the HTML: what is seen of it, links behind their words. Lists and conditions stay what they are.
 *
 * @param file of the HTML, for what is said of it
 * @throws TemplateFault where a list or a condition gets lost, because it stands where nothing is seen
 */
export function textOfHtml(nodes: readonly TemplateNode[], file: string): readonly TemplateNode[] {
  const { text, marked } = readPage(nodes, file);
  guardBlocks(
    marked,
    [...text.matchAll(MARKS)].map(([, number]) => marked[Number(number)] as Marked),
  );
  return treeOf(`${withoutTraces(text).trim()}\n`, marked);
}

/** Where a block begins or ends there are no lines and no blanks that were not there without it. */
function withoutTraces(text: string): string {
  return text
    .replace(new RegExp(`\\n\\n[ \\t]*${ENDS}[ \\t]*\\n\\n`, 'g'), '\n\n$1')
    .replace(new RegExp(`^[ \\t]*${ENDS}[ \\t]*\\n`, 'gm'), '$1')
    .replace(new RegExp(`^[ \\t]*${ENDS} `, 'gm'), '$1')
    .replace(/\n{3,}/g, '\n\n');
}

/** @throws TemplateFault where one of a block's marks is lost, and what stands between them is not, or where they have moved */
function guardBlocks(marked: readonly Marked[], found: readonly Marked[]): void {
  const left = new Set(found);
  const isLeft = (node: TemplateNode): boolean =>
    node.kind === 'print' ? left.has(node) : node.kind === 'block' && [...everyNode(node.body)].some(isLeft);
  const wanted = marked.filter((mark) => {
    if ('kind' in mark) return false;
    const block = blockOf(mark);
    const isHidden = marked.every((one) => 'kind' in one || blockOf(one) !== block || !left.has(one));
    // In an attribute, or in what is hidden: as a whole it is no part of the text.
    return !isHidden || [...block.body, ...(block.inverse ?? [])].some(isLeft);
  });
  const got = found.filter((mark) => !('kind' in mark));
  const wrong = wanted.find((mark, index) => mark !== got[index]);
  if (wrong === undefined) return;
  const { place, helper } = blockOf(wrong);
  throw new TemplateFault(
    place,
    `Expected #${helper} to stand where it is seen, got it where text has nothing: write the text part by hand, text.hbs.`,
  );
}

/**
 * Guards a text part that was written by hand: each link of the HTML and each variable that is seen there is in it.
 *
 * @param files of the HTML and of the text
 * @throws TemplateFault where one is not: it says which
 */
export function guardTextPart(
  html: readonly TemplateNode[],
  text: readonly TemplateNode[],
  files: { readonly html: string; readonly text: string },
): void {
  const { text: seen, marked } = readPage(html, files.html);
  const printed = new Set([...everyNode(text)].flatMap((node) => (node.kind === 'print' ? [node.path] : [])));
  for (const [, number] of seen.matchAll(MARKS)) {
    const node = marked[Number(number)];
    if (!node || !('kind' in node) || !isVariable(node.path) || printed.has(node.path)) continue;
    throw new TemplateFault(
      `${files.text}:1`,
      `Expected the text to say what the HTML says, got no {{${node.path}}} (${node.place}): add it, or remove ${files.text} to have the text made of the HTML.`,
    );
  }
  const words = [...everyNode(text)].map((node) => (node.kind === 'content' ? node.text : '')).join('');
  for (const [, link = ''] of seen.matchAll(/<((?:https?|mailto|tel):[^<>\uE000]+)>/g)) {
    if (words.includes(link)) continue;
    throw new TemplateFault(
      `${files.text}:1`,
      `Expected the text to have each link of ${files.html}, got no ${link}: add it, or remove ${files.text} to have the text made of the HTML.`,
    );
  }
}

function readPage(nodes: readonly TemplateNode[], file: string): TextOfPage {
  const marked: Marked[] = [];
  const html = flat(nodes, marked, file);
  const text = convert(html, CONVERSION).replace(
    LINK_AFTER_MARK,
    (both, shown: string, first: string, second: string) =>
      pathAt(marked, first) === pathAt(marked, second) ? shown : both,
  );
  return { text, marked };
}

/** `<a href="{{url}}">{{url}}</a>`: once is enough. */
const LINK_AFTER_MARK = /(\uE000(\d+)\uE001) <\uE000(\d+)\uE001>/g;

function pathAt(marked: readonly Marked[], number: string): string | Block {
  const mark = marked[Number(number)] as Marked;
  return 'kind' in mark ? mark.path : blockOf(mark);
}

/** The page with a mark for whatever is not content. */
function flat(nodes: readonly TemplateNode[], marked: Marked[], file: string): string {
  const mark = (what: Marked) => `${'kind' in what ? '\uE000' : '\uE002'}${marked.push(what) - 1}\uE001`;
  return nodes
    .map((node) => {
      if (node.kind === 'print') return mark(node);
      if (node.kind === 'block') {
        const body = mark({ opens: node }) + flat(node.body, marked, file);
        const inverse = node.inverse ? mark({ turns: node }) + flat(node.inverse, marked, file) : '';
        return body + inverse + mark({ closes: node });
      }
      if (!/[\uE000-\uE002]/.test(node.text)) return node.text;
      throw new TemplateFault(file, 'Expected no characters U+E000 to U+E002, got one: remove it.');
    })
    .join('');
}

/** The text with its marks as nodes again. */
function treeOf(text: string, marked: readonly Marked[]): readonly TemplateNode[] {
  const parts = text.split(MARK);
  let at = 0;
  const until = (isEnd: (mark: Marked) => boolean): TemplateNode[] => {
    const nodes: TemplateNode[] = [];
    for (; at < parts.length; at += 1) {
      const part = parts[at] as string;
      if (at % 2 === 0) {
        if (part !== '') nodes.push({ kind: 'content', text: part });
        continue;
      }
      const mark = marked[Number(part)] as Marked;
      if (isEnd(mark)) return nodes;
      nodes.push('kind' in mark ? mark : block(blockOf(mark)));
    }
    return nodes;
  };
  const block = ({ inverse, ...others }: Block): Block => {
    at += 1;
    const body = until((mark) => 'turns' in mark || 'closes' in mark);
    if (!inverse) return { ...others, body };
    at += 1;
    return { ...others, body, inverse: until((mark) => 'closes' in mark) };
  };
  return until(() => false);
}

function blockOf(mark: Marked): Block {
  if ('kind' in mark) throw new TypeError('Expected the mark of a block.');
  return 'opens' in mark ? mark.opens : 'turns' in mark ? mark.turns : mark.closes;
}

/** An image is what is said of it; where a link has no words, they are those of its image. */
const described: FormatCallback = (element, _walk, builder) => builder.addInline(element.attribs.alt ?? '');
const ownLine = { format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } };
const plainHeading = { options: { uppercase: false } };

/** No line is broken: mail programs do that, and a mark in two halves is none. */
const CONVERSION = {
  wordwrap: false,
  formatters: { described },
  selectors: [
    { selector: 'head', format: 'skip' },
    { selector: '[style*="display:none"]', format: 'skip' },
    { selector: '[style*="display: none"]', format: 'skip' },
    { selector: 'a', options: { linkBrackets: ['<', '>'], hideLinkHrefIfSameAsText: true, noLinkToAnchor: true } },
    { selector: 'ul', options: { itemPrefix: '- ' } },
    { selector: 'img', format: 'described' },
    { selector: 'td', ...ownLine },
    { selector: 'th', ...ownLine },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...plainHeading })),
  ],
} satisfies Parameters<typeof convert>[1];
