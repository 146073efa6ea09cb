import { serializationError } from './error-responses';

/** Members, by their dotted path, that are something else than text, a structure or a list. */
export type Shape = Readonly<Record<string, 'blob' | 'integer' | 'boolean' | 'map'>>;

type Node = { [segment: string]: Node | string };

/**
 * The input that AWS's query protocol writes as `Member.Name=…`, lists as `Name.member.1=…`.
 *
 * @throws ServiceError `SerializationException` where it is malformed
 */
export function decodeForm(form: URLSearchParams, shape: Shape): Record<string, unknown> {
  const root: Node = {};
  for (const [key, value] of form) {
    const segments = key.split('.');
    const last = segments.pop()!;
    let node = root;
    for (const segment of segments) {
      if (!Object.hasOwn(node, segment)) define(node, segment, {});
      const below = node[segment]!;
      if (typeof below === 'string') throw serializationError(`Expected '${segment}' of '${key}' to hold one value.`);
      node = below;
    }
    if (Object.hasOwn(node, last)) throw serializationError(`Expected '${key}' once, got it twice.`);
    define(node, last, value);
  }
  return build(root, '', shape) as Record<string, unknown>;
}

/** Sets an own property even if it is called `__proto__`. */
function define(node: Node, segment: string, value: Node | string): void {
  Object.defineProperty(node, segment, { value, enumerable: true, configurable: true, writable: true });
}

function build(node: Node | string, path: string, shape: Shape): unknown {
  if (typeof node === 'string') return convert(node, path, shape);
  const { member } = node;
  if (typeof member === 'object') {
    return Object.entries(member)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([index, element]) => {
        if (/^[1-9]\d*$/.test(index)) return build(element, path, shape);
        throw serializationError(`Expected the elements of '${path}' to be numbered from 1, got '${index}'.`);
      });
  }
  const built: Record<string, unknown> = {};
  for (const [name, below] of Object.entries(node)) {
    if (name === '__proto__') throw serializationError(`Expected a parameter of this operation, got '${name}'.`);
    built[name] = build(below, path === '' ? name : `${path}.${name}`, shape);
  }
  return built;
}

function convert(text: string, path: string, shape: Shape): unknown {
  switch (Object.hasOwn(shape, path) ? shape[path] : undefined) {
    case 'blob':
      if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw serializationError(`Expected '${path}' to be base64.`);
      return new Uint8Array(Buffer.from(text, 'base64'));
    case 'integer':
      if (!/^-?\d{1,9}$/.test(text))
        throw serializationError(`Expected '${path}' to be a whole number, got '${text}'.`);
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') {
        throw serializationError(`Expected '${path}' to be true or false, got '${text}'.`);
      }
      return text === 'true';
    default:
      return text;
  }
}

/**
 * An output as AWS's query protocol writes it: members as elements, list elements as `member`, map entries as `entry`.
 */
export function encodeXml(value: unknown, shape: Shape = {}): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((element) => `<member>${encodeXml(element)}</member>`).join('');
  if (typeof value !== 'object') return escapeXml(String(value));
  let text = '';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || member === null) continue;
    text += `<${name}>${shape[name] === 'map' ? encodeEntries(member) : encodeXml(member)}</${name}>`;
  }
  return text;
}

function encodeEntries(map: unknown): string {
  return Object.entries(map as Record<string, unknown>)
    .map(([key, value]) => `<entry><key>${escapeXml(key)}</key><value>${encodeXml(value)}</value></entry>`)
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no way to write most control characters: they become U+FFFD. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"]/g, (character) => ESCAPES[character]!)
      .replace(/\r/g, '&#xD;')
  );
}
