/** The package has no types of its own. What is used of it, in its versions 4 and 5; the first answers at once, the second later. */
declare module 'mjml' {
  interface Answer {
    readonly html: string;
    readonly errors: readonly { readonly line: number; readonly message: string; readonly tagName: string }[];
  }
  interface Options {
    readonly validationLevel: 'soft';
    readonly ignoreIncludes: boolean;
    readonly keepComments: boolean;
  }
  export default function mjml2html(mjml: string, options: Options): Answer | Promise<Answer>;
}
