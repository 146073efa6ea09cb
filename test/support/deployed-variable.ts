import type { LocalTemplate } from '../../local/template/local-template';

/**
 * What the template sets an environment variable of its functions to.
 *
 * @throws Error where no function has it
 */
export function variable(template: LocalTemplate, name: string): string {
  for (const { environment } of template.functions) {
    const value = environment[name];
    if (value !== undefined) return value;
  }
  throw new Error(`Expected a function in the template to have the variable ${name}, got none.`);
}
