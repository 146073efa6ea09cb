import { transform } from 'esbuild';
import Handlebars from 'handlebars';
import { HELPERS } from '../../functions/email/template-helpers';
import { Failure } from '../command-line';
import { expandTemplate, type Ingredients } from './expand-template';
import { placedInHtml } from './html-position';
import type { MailTree } from './mail-tree';
import { pageOfMjml } from './mjml-page';
import { programOf, type TemplateNode } from './template-nodes';
import { TemplateFault, type TemplateSource } from './template-source';
import { guardTextPart, textOfHtml } from './text-part';
import { variablesType } from './variables-type';

/** The parts of a mail in one language. */
interface Parts {
  readonly subject: readonly TemplateNode[];
  readonly html: readonly TemplateNode[];
  readonly text: readonly TemplateNode[];
}

export interface MailCode {
  /** The TypeScript type of the variables, in braces. */
  readonly variables: string;
  /** By BCP 47 tag: JavaScript of each part, as `Handlebars.precompile` gives it. */
  readonly languages: ReadonlyMap<string, Readonly<Record<keyof Parts, string>>>;
}

/**
 * Compiles a mail's templates, in all of its languages.
 *
 * @throws TemplateFault where one is wrong: the first, as `file:line: sentence`
 */
export async function compileMail(tree: MailTree): Promise<MailCode> {
  const parts = new Map<string, Parts>();
  for (const language of tree.languages) parts.set(language, await partsOf(tree, language));
  const variables = variablesType([...parts.values()].flatMap(({ subject, html, text }) => [subject, html, text]));
  const languages = new Map<string, Record<keyof Parts, string>>();
  for (const [language, { subject, html, text }] of parts) {
    languages.set(language, {
      subject: await codeOf(subject, '$text'),
      html: await codeOf(html, '$html'),
      text: await codeOf(text, '$text'),
    });
  }
  return { variables, languages };
}

async function partsOf(tree: MailTree, language: string): Promise<Parts> {
  const subjectSource = needed(tree, language, 'subject.hbs');
  const page = needed(tree, language, 'html.hbs', 'html.mjml');
  const ingredients: Ingredients = {
    language,
    subject: subjectSource,
    words: tree.words(language),
    wordsFile: tree.wordsFile(language),
    partial: (name, kind) => partialIn(tree, language, name, kind === 'text' ? '.text.hbs' : '.hbs'),
  };
  const subject = expandTemplate(subjectSource, ingredients, 'text');
  const html = placedInHtml(await expandPage(page, ingredients, tree));
  const textSource = tree.textBeside(language, page);
  if (!textSource) return { subject, html, text: textOfHtml(html, page.file) };
  const text = expandTemplate(textSource, ingredients, 'text');
  guardTextPart(html, text, { html: page.file, text: textSource.file });
  return { subject, html, text };
}

function needed(tree: MailTree, language: string, ...names: readonly string[]): TemplateSource {
  const found = tree.find(language, ...names);
  if (found) return found;
  throw new Failure(`Expected ${names.join(' or ')} in the directory ${tree.name}, got none: write it.`);
}

/** The page in its layout, which is of the same kind. */
async function expandPage(page: TemplateSource, ingredients: Ingredients, tree: MailTree) {
  const { language } = ingredients;
  const isMjml = page.file.endsWith('.mjml');
  const layout = tree.find(language, isMjml ? 'layout.mjml' : 'layout.hbs');
  let isIn = false;
  const body = (name: string) => {
    if (name !== 'body' || !layout) return undefined;
    isIn = true;
    return page;
  };
  const whole = layout ?? page;
  const source = isMjml
    ? await pageOfMjml(whole, (name) => body(name) ?? partialIn(tree, language, name, '.mjml'))
    : whole;
  const partial: Ingredients['partial'] = (name, kind) => body(name) ?? ingredients.partial(name, kind);
  const nodes = expandTemplate(source, isMjml ? ingredients : { ...ingredients, partial }, 'html');
  if (layout && !isIn) {
    throw new TemplateFault(
      layout.file,
      `Expected {{> body}} where ${page.file} goes, got none: add it, or remove the file.`,
    );
  }
  return nodes;
}

function partialIn(tree: MailTree, language: string, name: string, ending: string): TemplateSource | undefined {
  return /^[\w-]+(\/[\w-]+)*$/.test(name) ? tree.find(language, `partials/${name}${ending}`) : undefined;
}

const KNOWN_HELPERS = Object.fromEntries(Object.keys(HELPERS).map((name) => [name, true]));

/** On one line, without what only Handlebars itself would read again. */
async function codeOf(nodes: readonly TemplateNode[], print: '$html' | '$text'): Promise<string> {
  const options = {
    knownHelpers: KNOWN_HELPERS,
    knownHelpersOnly: true,
    // Escaped by `print`: Handlebars' own would escape `=`, too, which not every reader of links undoes.
    noEscape: true,
    // Each file's lines have been looked at: what is left of them is meant.
    ignoreStandalone: true,
  };
  const code = String(Handlebars.precompile(programOf(nodes, print), options));
  // As an argument: an object on its own would be dropped.
  const { code: short } = await transform(`_(${code})`, { minify: true, charset: 'utf8' });
  return short.trim().replace(/^_\(|\);$/g, '');
}
