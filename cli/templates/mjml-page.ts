import { Failure } from '../command-line';
import { parseTemplate, TemplateFault, type TemplateSource } from './template-source';

/** A line of an MJML page, and where its author wrote it. */
interface Line {
  readonly text: string;
  readonly place: string;
}

const PARTIAL = /\{\{>\s*([\w/-]+)\s*\}\}/;
const MUSTACHES = /\{\{[^{][\s\S]*?\}\}/g;
const BLOCK = /^\{\{~?\s*([#^/]|else\b)/;

/**
 * An MJML page as HTML, its Handlebars still in it.
 *
 * @param partial the MJML of that name, `body` being the page within its layout; other partials stay as they are
 * @throws TemplateFault where MJML does not take it, or loses some of its Handlebars; Failure where MJML is not installed
 */
export async function pageOfMjml(
  source: TemplateSource,
  partial: (name: string) => TemplateSource | undefined,
): Promise<TemplateSource> {
  const lines = composed(source, partial, []);
  const text = lines.map((line) => line.text).join('\n');
  const placeAt = (line: number) => lines[line - 1]?.place ?? `${source.file}:1`;
  parseTemplate({ ...source, text, at: placeAt });
  const include = lines.find((line) => line.text.includes('<mj-include'));
  if (include)
    throw new TemplateFault(include.place, 'Expected no mj-include, got one: write {{> name}} and partials/name.mjml.');
  const { default: mjml2html } = await mjml(source.file);
  const { html, errors } = await mjml2html(text, {
    validationLevel: 'soft',
    ignoreIncludes: true,
    keepComments: false,
  });
  const [error] = errors;
  if (error)
    throw new TemplateFault(placeAt(error.line), `Expected MJML, got something else (${error.message}): correct it.`);
  const at = (_: number, what: string) =>
    (lines.find((line) => line.text.includes(what)) ?? lines[0])?.place ?? source.file;
  guardMustaches(text, html, at);
  return { file: source.file, text: html, kind: 'html', at };
}

async function mjml(file: string): Promise<typeof import('mjml')> {
  try {
    return await import('mjml');
  } catch (error) {
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new Failure(`Expected the package mjml to be installed for ${file}, got none: npm install --save-dev mjml.`);
  }
}

/** The page with its MJML partials put in, as text: MJML has to see the whole. */
function composed(
  { file, text, at }: TemplateSource,
  partial: (name: string) => TemplateSource | undefined,
  files: readonly string[],
): readonly Line[] {
  if (files.includes(file)) {
    throw new TemplateFault(`${file}:1`, `Expected no partial within itself, got ${[...files, file].join(' → ')}.`);
  }
  return text.split('\n').flatMap((line, index): readonly Line[] => {
    const place = at(index + 1, line);
    const parts = line.split(PARTIAL);
    return parts.reduce<readonly Line[]>((lines, part, number) => {
      const found = number % 2 === 1 ? partial(part) : undefined;
      if (found) return joined(lines, composed(found, partial, [...files, file]));
      return joined(lines, [{ text: number % 2 === 1 ? `{{> ${part}}}` : part, place }]);
    }, []);
  });
}

/** Lines after lines, without a break between them. */
function joined(before: readonly Line[], after: readonly Line[]): readonly Line[] {
  const [first, ...others] = after;
  const last = before.at(-1);
  if (!last || !first) return [...before, ...after];
  const place = last.text.trim() === '' ? first.place : last.place;
  return [...before.slice(0, -1), { text: last.text + first.text, place }, ...others];
}

/** MJML drops text that stands between its elements. */
function guardMustaches(mjmlText: string, html: string, at: TemplateSource['at']): void {
  const before: readonly string[] = mjmlText.match(MUSTACHES) ?? [];
  const after: readonly string[] = html.match(MUSTACHES) ?? [];
  const blocks = after.filter((mustache) => BLOCK.test(mustache));
  const lost =
    before.find((mustache) => !after.includes(mustache)) ??
    before.filter((mustache) => BLOCK.test(mustache)).find((mustache, index) => mustache !== blocks[index]);
  if (lost === undefined && blocks.length === before.filter((mustache) => BLOCK.test(mustache)).length) return;
  const what = lost ?? blocks[0] ?? '';
  throw new TemplateFault(
    at(1, what),
    `Expected ${what} to come through MJML once, got it lost, moved or doubled: put it in <mj-raw> where it stands between elements.`,
  );
}
