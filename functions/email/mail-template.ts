import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { rejected } from '../contract/verdicts';
import type { CompiledMail, CompiledParts } from './compiled-mail';
import { oneLine } from './header-text';
import { HELPERS, VariableFault } from './template-helpers';

/** The parts of an `Email` that templates make. */
export interface RenderedMail {
  /** One line, as it is read: not HTML. */
  readonly subject: string;
  /** All that was printed in it is escaped. */
  readonly html: string;
  /** Written by hand or made of the HTML, when the templates were compiled. */
  readonly text: string;
  /** BCP 47 tag of the language that it is in. */
  readonly language: string;
}

/** A mail that is made of templates. */
export interface MailTemplate<Variables extends object> {
  /** The languages that it speaks: BCP 47 tags, in order. */
  readonly languages: readonly string[];
  /**
   * The language for a recipient's: the same one, else what it is a kind of (`pt-BR` reads `pt`), else another kind of that
   * (`pt-PT` reads `pt-BR`), else the mail's own language.
   *
   * @param locale BCP 47, with `-` or `_`, in any case; nothing, or what is no locale, reads the mail's own language
   */
  languageFor(locale: string | null | undefined): string;
  /**
   * The mail for one recipient.
   *
   * @param locale as for `languageFor`
   * @throws Refusal `rejected`, code `Template.MissingVariable`, where a variable is not there (or is null, but only asked
   * for); code `Template.InvalidVariable`, where it is nothing that can be printed or listed. The message names the variable
   * and the template's file and line, and holds no value. An item whose `process` lets it pass is unprocessed with this code
   */
  render(locale: string | null | undefined, variables: Variables): RenderedMail;
}

type Render = (variables: object) => string;
type Renders = Readonly<Record<keyof CompiledParts, Render>>;

/** What `Handlebars.template` takes, and what makes a template refuse what Handlebars would print as nothing. */
const handlebars = (runtime as unknown as typeof Handlebars).create();
for (const [name, helper] of Object.entries(HELPERS)) handlebars.registerHelper(name, helper);

/** Handlebars' own choice, which it warns of until it is said. */
const OWN_ONLY = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

/**
 * The mail of compiled templates, to be made once per job. A template is set up when its language is first needed.
 *
 * @param compiled the default export of the module that `worker-chains templates` writes
 * @throws TypeError where it was written by a version that is not this one
 * @example
 * const digest = mailTemplate(compiled);
 * send({ to, unsubscribeUrl, ...digest.render(locale, { name, unsubscribeUrl }) });
 */
export function mailTemplate<Variables extends object>(compiled: CompiledMail<Variables>): MailTemplate<Variables> {
  if (compiled?.format !== 1) {
    throw new TypeError(
      `Expected compiled templates of format 1, got ${String(compiled?.format ?? 'none')}: run worker-chains templates again.`,
    );
  }
  const languages = Object.keys(compiled.languages).sort();
  const renders = new Map<string, Renders>();
  const languageFor = (locale: string | null | undefined) => languageOf(locale, languages) ?? compiled.language;
  return {
    languages,
    languageFor,
    render: (locale, variables) => {
      const language = languageFor(locale);
      const { subject, html, text } = renders.get(language) ?? setUp(compiled, language);
      renders.set(language, { subject, html, text });
      try {
        return { subject: oneLine(subject(variables)), html: html(variables), text: text(variables), language };
      } catch (error) {
        throw error instanceof VariableFault ? refusalOf(error, `${compiled.name}, ${language}`) : error;
      }
    },
  };
}

function setUp({ languages }: CompiledMail<object>, language: string): Renders {
  const { subject, html, text } = languages[language] as CompiledParts;
  const [renderSubject, renderHtml, renderText] = [subject, html, text].map((part) => {
    const template = handlebars.template(part as TemplateSpecification);
    return (variables: object) => template(variables, OWN_ONLY);
  });
  return { subject: renderSubject as Render, html: renderHtml as Render, text: renderText as Render };
}

function refusalOf({ kind, message }: VariableFault, mail: string) {
  const advice = kind === 'missing' ? 'give it to `render`' : 'correct what is given to `render`';
  return rejected(
    kind === 'missing' ? 'Template.MissingVariable' : 'Template.InvalidVariable',
    `${message}: ${advice} (the mail ${mail}).`,
  );
}

function languageOf(locale: string | null | undefined, languages: readonly string[]): string | undefined {
  if (typeof locale !== 'string') return undefined;
  const wanted = locale.trim().replaceAll('_', '-').toLowerCase().split('-');
  for (let parts = wanted.length; parts > 0; parts -= 1) {
    const tag = wanted.slice(0, parts).join('-');
    const known = languages.find((language) => language.toLowerCase() === tag);
    if (known !== undefined) return known;
  }
  return languages.find((language) => language.toLowerCase().split('-')[0] === wanted[0]);
}
