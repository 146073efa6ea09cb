import { variable } from '../clients';
import type { Text } from '../contract/source';

/**
 * The text that an option stands for, in the function.
 *
 * @throws Error where it is an environment variable that is missing or empty
 */
export function textOf(text: Text): string {
  return typeof text === 'string' ? text : variable(text.variable);
}
