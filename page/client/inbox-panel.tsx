import { useLayoutEffect, useRef } from 'preact/hooks';
import type { MailSummary } from '../view';
import { count, counted, timeOfDay } from './format';
import { MAILS_PER_PAGE, type MailList } from './mail-list';
import { MailReader } from './mail-reader';
import { Mailbox } from './mailbox';

/** From the last key to the search. */
const TYPING_MILLISECONDS = 200;

interface Props {
  readonly mails: MailList;
  /** Id of the opened mail, empty for none. */
  readonly opened: string;
}

/** Every mail that was delivered: a list to search, and the opened mail beside it (instead of it on a small screen). */
export function InboxPanel({ mails, opened }: Props) {
  const { query, page, problem } = mails;
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
  const onSearch = (search: string) => {
    clearTimeout(pendingSearch.current);
    pendingSearch.current = setTimeout(() => void mails.ask({ search, offset: 0 }), TYPING_MILLISECONDS);
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
          placeholder="Search recipient or subject"
          autocomplete="off"
          maxLength={200}
          onInput={(event) => onSearch(event.currentTarget.value.trim())}
        />
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
              <MailItem key={mail.messageId} mail={mail} current={mail.messageId === opened} />
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
        <MailReader messageId={opened} />
      </div>
    </>
  );
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
