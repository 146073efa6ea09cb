import Handlebars from 'handlebars';
import { Failure } from '../command-line';

/** A text with Handlebars in it. */
export interface TemplateSource {
  /** From the mail's directory, with `/`. */
  readonly file: string;
  readonly text: string;
  /** What stands around its variables: HTML, or text that becomes HTML where it is put into some. */
  readonly kind: 'html' | 'text';
  /** Where its author wrote what stands in a line of it, from 1: `html.hbs:12`. @param what it is, as it stands there */
  readonly at: (line: number, what: string) => string;
}

/** A template that cannot be used: the message is `file:line: sentence`. */
export class TemplateFault extends Failure {
  constructor(place: string, sentence: string) {
    super(`${place}: ${sentence}`);
  }
}

/** A file as it is. */
export function templateSource(file: string, text: string): TemplateSource {
  const kind = /(^|\/)(subject|text)\.hbs$|\.text\.hbs$/.test(file) ? 'text' : 'html';
  return { file, text, kind, at: (line) => `${file}:${line}` };
}

/** Where a node of a template stands: `html.hbs:12`. */
export function placeOf(source: TemplateSource, { loc }: hbs.AST.Node): string {
  return source.at(loc.start.line, originalOf(source, loc));
}

/** A node as its author wrote it, on one line. */
export function written(source: TemplateSource, { loc }: hbs.AST.Node): string {
  const [first = ''] = originalOf(source, loc).split('\n');
  return first.length > LONGEST_SHOWN ? `${first.slice(0, LONGEST_SHOWN)}…` : first;
}

const LONGEST_SHOWN = 60;

function originalOf({ text }: TemplateSource, { start, end }: hbs.AST.SourceLocation): string {
  const lines = text.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column);
  lines[0] = (lines[0] ?? '').slice(start.column);
  return lines.join('\n');
}

/** @throws TemplateFault where it is no Handlebars */
export function parseTemplate(source: TemplateSource): hbs.AST.Program {
  try {
    return Handlebars.parse(source.text);
  } catch (error) {
    throw syntaxFault(source, error as Error);
  }
}

/** Handlebars says `Parse error on line 2:` and a picture, or `if doesn't match each - 2:3`. */
function syntaxFault(source: TemplateSource, { message }: Error): TemplateFault {
  const parsed = /^Parse error on line (\d+):\n[^\n]*\n-*\^\n([\s\S]*)$/.exec(message);
  const paired = /^([\s\S]*) - (\d+):\d+$/.exec(message);
  const place = source.at(Number(parsed?.[1] ?? paired?.[2] ?? 1), '');
  const got = (parsed?.[2] ?? paired?.[1] ?? message).replace(/\s+/g, ' ');
  return new TemplateFault(place, `Expected Handlebars, got something else (${got}): correct it.`);
}
