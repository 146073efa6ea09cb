import { recording } from './recorded';

export const VIEWS = { run: 'Run', history: 'History', inbox: 'Inbox', executions: 'Executions' } as const;

export type ViewName = keyof typeof VIEWS;

/** What the address asks for: `/?execution=<ARN>#inbox/<message id>`. */
export interface Route {
  readonly view: ViewName;
  /** What follows the view: the id of a mail, or `chain-3`. */
  readonly argument: string;
  /** ARN of the execution to show. Absent: whichever is the newest. */
  readonly execution?: string;
}

export function readRoute({ hash, search }: Pick<Location, 'hash' | 'search'>): Route {
  const [name = '', ...rest] = hash.slice(1).split('/');
  const execution = new URLSearchParams(search).get('execution');
  return {
    view: isView(name) ? name : 'run',
    argument: decoded(rest.join('/')),
    ...(execution && { execution }),
  };
}

/** Where a chain stands in the view of the run, and where its mails do. */
export function chainHref(view: 'run' | 'inbox', chainId: number): string {
  return `#${view}/chain-${chainId}`;
}

/** The chain that an argument names; undefined where it names none. */
export function chainIn(argument: string): number | undefined {
  const [, number] = /^chain-(\d{1,4})$/.exec(argument) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The permanent address of an execution. */
export function executionHref(arn: string): string {
  return `?execution=${encodeURIComponent(arn).replaceAll('%3A', ':')}#run`;
}

/** The address at which the page follows the newest execution. */
export const NEWEST_HREF = '/#run';

/** Goes to an address of this page without loading it anew; a click with a modifier key is left to the browser. */
export function followLink(event: MouseEvent): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (recording) {
    // A document from disk has no other address; there is one run in it.
    location.hash = '#run';
    return;
  }
  history.pushState(null, '', (event.currentTarget as HTMLAnchorElement).href);
  // A pushed address tells nobody by itself.
  window.dispatchEvent(new PopStateEvent('popstate'));
}

function isView(name: string): name is ViewName {
  return Object.hasOwn(VIEWS, name);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
