/**
 * A mail's templates as `worker-chains templates` has compiled them: the default export of the module that it writes.
 *
 * @typeParam Variables what the templates print, list and ask for
 */
export interface CompiledMail<Variables extends object = Record<string, unknown>> {
  /** Version of this shape. */
  readonly format: 1;
  /** Name of the templates' directory. */
  readonly name: string;
  /** BCP 47 tag of the language that whoever's own is not there gets. */
  readonly language: string;
  /** By BCP 47 tag. */
  readonly languages: Readonly<Record<string, CompiledParts>>;
  /** Never there: it carries the type. */
  readonly variables?: Variables;
}

/** One language's templates, each as `Handlebars.precompile` gives it. */
export interface CompiledParts {
  /** Prints as it is: the subject is no HTML. */
  readonly subject: unknown;
  /** Prints escaped. */
  readonly html: unknown;
  /** Prints as it is. */
  readonly text: unknown;
}
