/** HTML that is safe to interpolate: made by the `html` tag only. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** What may stand between `${` and `}` of the `html` tag. */
export type Interpolation = string | number | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Escapes everything interpolated, for text and for quoted attribute values; `Html` goes in as it is, alone or in a list.
 *
 * @throws TypeError where a value is no text, finite number, Html or list of these: `undefined` in a mail is a mistake
 * to be noticed before it is sent
 */
export function html(strings: TemplateStringsArray, ...values: readonly Interpolation[]): Html {
  return new Html(strings.reduce((markup, string, index) => markup + render(values[index - 1]) + string));
}

function render(value: unknown): string {
  if (value instanceof Html) return value.toString();
  // A list may come from data, whatever its type says: each element is looked at.
  if (Array.isArray(value)) return value.map(render).join('');
  if (typeof value !== 'string' && !Number.isFinite(value)) {
    const got = typeof value === 'number' || value === null ? String(value) : typeof value;
    throw new TypeError(`Expected text, a number or Html in a mail, got ${got}: look at what is interpolated.`);
  }
  return escapeHtml(String(value));
}

/** The text as HTML, for text and for quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
