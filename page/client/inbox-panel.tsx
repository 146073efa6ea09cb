import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { MailSummary } from '../view';
import { count, counted, timeOfDay } from './format';
import { type InboxQuery, MAILS_PER_PAGE, type MailList } from './mail-list';
import { MailReader } from './mail-reader';
import { Mailbox } from './mailbox';
import { chainIn } from './route';

/** From the last key to the search. */
const TYPING_MILLISECONDS = 200;

/** Beside the list there is room for a mail, as inbox.css has it. */
const WIDE = '(min-width: 861px)';

interface Props {
  readonly mails: MailList;
  /** Id of the opened mail, or `chain-3` for the mails of a chain; empty for neither. */
  readonly argument: string;
  readonly severalRuns: boolean;
}

/** Every mail that was delivered: a list to search, and the opened mail beside it (instead of it on a small screen). */
export function InboxPanel({ mails, argument, severalRuns }: Props) {
  const { query, page, problem } = mails;
  const chain = chainIn(argument);
  const opened = chain === undefined ? argument : '';
  const pendingSearch = useRef<ReturnType<typeof setTimeout>>(undefined);
  const list = useRef<HTMLUListElement>(null);
  const before = useRef(opened);
  const total = page?.total ?? 0;
  const shown = page?.mails ?? [];
  const last = query.offset + shown.length;
  useLayoutEffect(() => {
    list.current?.scrollTo(0, 0);
  }, [query]);
  useLayoutEffect(() => {
    // Back from a mail on a small screen: the focus goes to where it came from.
    if (opened === '') linkTo(list.current, before.current)?.focus({ preventScroll: true });
    before.current = opened;
  }, [opened]);
  useEffect(() => {
    // A mail that is opened leaves the list as it is.
    const isList = argument === '' || chain !== undefined;
    if (isList && chain !== mails.query.chain) void mails.ask({ ...mails.query, offset: 0, chain });
  }, [argument]);
  const first = useFirst(query, shown[0]?.messageId);
  const onSearch = (search: string) => {
    clearTimeout(pendingSearch.current);
    pendingSearch.current = setTimeout(
      () => void mails.ask({ ...mails.query, search, offset: 0 }),
      TYPING_MILLISECONDS,
    );
  };
  const turn = (mailsOn: number) => void mails.ask({ ...query, offset: Math.max(0, query.offset + mailsOn) });
  return (
    <>
      <div class="toolbar">
        <h1>Inbox</h1>
        <label class="visually-hidden" for="inbox-search">
          Search mails
        </label>
        <input
          type="search"
          id="inbox-search"
          placeholder="Search recipient, subject or item"
          autocomplete="off"
          maxLength={200}
          onInput={(event) => onSearch(event.currentTarget.value.trim())}
        />
        {severalRuns && (
          <label class="check">
            <input
              type="checkbox"
              checked={query.ofAllRuns}
              onChange={(event) => void mails.ask({ ...query, offset: 0, ofAllRuns: event.currentTarget.checked })}
            />
            Of all runs
          </label>
        )}
        {chain !== undefined && (
          <p class="summary">
            Of chain {chain}. <a href="#inbox">Of all chains</a>
          </p>
        )}
        <p class="summary" role="status">
          {page && `${counted(total, 'mail')}${query.search === '' ? '' : ' found'}`}
        </p>
      </div>
      <div class="panes" data-open={opened === '' ? 'list' : 'mail'}>
        <section class="card flush mail-list" aria-label="Mails">
          <p class="empty" hidden={shown.length > 0 && problem === undefined}>
            {problem ?? noteOf(page === undefined, query.search)}
          </p>
          <ul class="mails" ref={list} hidden={shown.length === 0}>
            {shown.map((mail) => (
              <MailItem key={mail.messageId} mail={mail} current={mail.messageId === (opened || first)} />
            ))}
          </ul>
          <div class="pager" hidden={total <= MAILS_PER_PAGE}>
            <button type="button" disabled={query.offset === 0} onClick={() => turn(-MAILS_PER_PAGE)}>
              Newer
            </button>
            <span>{shown.length > 0 && `${count(query.offset + 1)}–${count(last)} of ${count(total)}`}</span>
            <button type="button" disabled={last >= total} onClick={() => turn(MAILS_PER_PAGE)}>
              Older
            </button>
          </div>
        </section>
        <MailReader messageId={opened || first} isAsked={opened !== ''} />
      </div>
    </>
  );
}

/** Where there is room for it, the mail that was first when the list was asked for is open: it stays so while others arrive. */
function useFirst(query: InboxQuery, newest: string | undefined): string {
  const first = useRef<{ readonly query: InboxQuery; readonly messageId: string }>(undefined);
  if (!matchMedia(WIDE).matches) return '';
  if (first.current?.query !== query && newest !== undefined) first.current = { query, messageId: newest };
  return first.current?.messageId ?? '';
}

function noteOf(loading: boolean, search: string): string {
  if (loading) return 'Loading …';
  return search === '' ? 'No mail yet. Mails appear here as the chains deliver them.' : `No mail contains “${search}”.`;
}

function linkTo(list: HTMLUListElement | null, messageId: string): HTMLAnchorElement | undefined {
  return [...(list?.querySelectorAll('a') ?? [])].find((link) => link.getAttribute('href') === hrefOf(messageId));
}

function hrefOf(messageId: string): string {
  return `#inbox/${encodeURIComponent(messageId)}`;
}

function MailItem({ mail, current }: { readonly mail: MailSummary; readonly current: boolean }) {
  const { messageId, to, sentAt, subject } = mail;
  return (
    <li>
      <a href={hrefOf(messageId)} aria-current={current ? 'true' : undefined}>
        <span class="to">
          <Mailbox value={to} />
        </span>
        <time dateTime={sentAt}>{timeOfDay(sentAt)}</time>
        <span class="subject" dir="auto">
          {subject}
        </span>
      </a>
    </li>
  );
}
