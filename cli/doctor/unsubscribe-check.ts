import { ENVIRONMENT } from '../../functions/contract/names';
import { type Check, check, fault, ok } from './check';

export type Fetch = (
  url: string,
  init: { readonly signal: AbortSignal; readonly redirect: 'manual' },
) => Promise<Response>;

/** No token: it is forged, and only a POST of a good one would unsubscribe anybody. */
const NO_TOKEN = 'doctor';
/** What the endpoint says to it. */
const REFUSED = 400;
const PATIENCE_MILLISECONDS = 15_000;

/** Of a job whose mails have unsubscribe links to the construct's endpoint. */
export function unsubscribeCheck(fetch: Fetch): Check {
  return check({
    id: 'unsubscribing',
    needs: [],
    read: async ({ environment }) => {
      const url = new URL(environment[ENVIRONMENT.unsubscribeEndpoint] as string);
      url.searchParams.set('t', NO_TOKEN);
      const answer = await fetch(url.href, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS), redirect: 'manual' });
      return {
        host: url.host,
        status: answer.status,
        isPage: /^text\/html/.test(answer.headers.get('content-type') ?? ''),
      };
    },
    judge: ({ host, status, isPage }) => {
      if (status === REFUSED && isPage) return ok(`${host} answers, and refuses a link that is none`);
      const found = `${host} has answered a link that is none with ${status}, and not with the page and ${REFUSED}`;
      if (status === 503) return fault(found, 'see the log of the function Unsubscribe: it cannot read its secret');
      if (status === 403) {
        return fault(found, 'deploy the stack again: the URL is gone, or anybody is no longer allowed to invoke it');
      }
      if (status === 404) return fault(found, 'deploy the stack again: mails link to an address that is gone');
      return fault(found, 'see the log of the function Unsubscribe, and deploy the stack again');
    },
  });
}
