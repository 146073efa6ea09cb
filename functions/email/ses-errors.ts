import { COMMON_ERRORS } from './common-errors';
import type { SesError } from './documented-error';
import { SENDING_ERRORS } from './sending-errors';

/** Every documented error, the special before the general: the first one that fits is what an answer means. */
export const SES_ERRORS: readonly SesError[] = [...SENDING_ERRORS, ...COMMON_ERRORS];

/** What an answer with this code and message means, or `undefined` where AWS documents none such. */
export function sesErrorOf(code: string, message: string): SesError | undefined {
  const bare = bareCode(code);
  return SES_ERRORS.find((error) => bareCode(error.code) === bare && (error.message?.test(message) ?? true));
}

function bareCode(code: string): string {
  return code.replace(/Exception$/, '');
}
