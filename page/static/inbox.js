import { mailbox } from './address.js';
import { getJson } from './connection.js';
import { element, setAttribute, setHidden, setText } from './dom.js';
import { count, counted, timeOfDay } from './format.js';
import { createMail } from './mail.js';

const MAILS_PER_PAGE = 50;
/** From the last key to the search. */
const TYPING_MILLISECONDS = 200;

/** Every mail that the run delivered: a list to search, and the opened mail beside it (instead of it on a small screen). */
export function createInbox(panel) {
  const parts = layOut(panel);
  const mail = createMail(parts.reader);
  const items = new Map();
  let query = { search: '', offset: 0 };
  let total = 0;
  let arrived = 0;
  let opened = '';
  let pendingSearch;
  /** What the list shows: asked again only if the inbox has grown, or something else is wanted. */
  let shownKey;

  parts.search.addEventListener('input', () => {
    clearTimeout(pendingSearch);
    pendingSearch = setTimeout(() => ask({ search: parts.search.value.trim(), offset: 0 }), TYPING_MILLISECONDS);
  });
  parts.previous.addEventListener('click', () => ask({ ...query, offset: Math.max(0, query.offset - MAILS_PER_PAGE) }));
  parts.next.addEventListener('click', () => ask({ ...query, offset: query.offset + MAILS_PER_PAGE }));

  async function ask(wanted) {
    query = wanted;
    try {
      await load();
    } catch (error) {
      setText(parts.note, error.message);
    }
    parts.list.scrollTop = 0;
  }

  async function load() {
    // A later page stays as it is while mails arrive: it would slide away under the reader.
    const key = JSON.stringify(query.offset === 0 ? [query, arrived] : query);
    if (key === shownKey) return;
    const asked = query;
    const parameters = new URLSearchParams({ search: asked.search, offset: asked.offset, limit: MAILS_PER_PAGE });
    const page = await getJson(`/api/mails?${parameters}`);
    if (asked !== query) return;
    shownKey = key;
    total = page.total;
    showPage(page.mails);
  }

  function showPage(mails) {
    const rows = mails.map((summary) => items.get(summary.messageId) ?? mailItem(summary));
    items.clear();
    mails.forEach((summary, index) => {
      items.set(summary.messageId, rows[index]);
    });
    parts.list.replaceChildren(...rows);
    markOpened();
    const { search, offset } = query;
    setHidden(parts.list, mails.length === 0);
    const nothing =
      search === '' ? 'No mail yet. Mails appear here as the chains deliver them.' : `No mail contains “${search}”.`;
    setText(parts.note, mails.length === 0 ? nothing : '');
    setHidden(parts.note, mails.length > 0);
    setText(parts.summary, search === '' ? counted(total, 'mail') : `${counted(total, 'mail')} found`);
    setText(
      parts.range,
      mails.length > 0 ? `${count(offset + 1)}–${count(offset + mails.length)} of ${count(total)}` : '',
    );
    parts.previous.disabled = offset === 0;
    parts.next.disabled = offset + mails.length >= total;
    setHidden(parts.pager, total <= MAILS_PER_PAGE);
  }

  function markOpened() {
    for (const [id, item] of items)
      setAttribute(item.firstElementChild, 'aria-current', id === opened ? 'true' : undefined);
  }

  return {
    async show(messageId) {
      const before = opened;
      opened = messageId;
      setAttribute(parts.panes, 'data-open', messageId === '' ? 'list' : 'mail');
      markOpened();
      if (messageId === '') {
        mail.close();
        // Back from a mail on a small screen: the focus goes to where it came from.
        items.get(before)?.firstElementChild.focus({ preventScroll: true });
      } else await mail.open(messageId);
    },
    update(run) {
      arrived = run.totals.mails;
    },
    refresh: load,
  };
}

function layOut(panel) {
  const parts = {
    search: element('input', {
      type: 'search',
      id: 'inbox-search',
      placeholder: 'Search recipient or subject',
      autocomplete: 'off',
      maxLength: 200,
    }),
    summary: element('p', { class: 'summary', role: 'status' }),
    list: element('ul', { class: 'mails' }),
    note: element('p', { class: 'empty' }, 'Loading …'),
    previous: element('button', { type: 'button', disabled: true }, 'Newer'),
    next: element('button', { type: 'button', disabled: true }, 'Older'),
    range: element('span'),
    reader: element('article', { class: 'card reader', 'aria-label': 'Mail' }),
  };
  parts.pager = element('div', { class: 'pager', hidden: true }, parts.previous, parts.range, parts.next);
  parts.panes = element(
    'div',
    { class: 'panes', 'data-open': 'list' },
    element('section', { class: 'card flush mail-list', 'aria-label': 'Mails' }, parts.note, parts.list, parts.pager),
    parts.reader,
  );
  panel.append(
    element(
      'div',
      { class: 'toolbar' },
      element('h1', {}, 'Inbox'),
      element('label', { class: 'visually-hidden', for: 'inbox-search' }, 'Search mails'),
      parts.search,
      parts.summary,
    ),
    parts.panes,
  );
  return parts;
}

function mailItem({ messageId, to, subject, sentAt }) {
  return element(
    'li',
    {},
    element(
      'a',
      { href: `#inbox/${encodeURIComponent(messageId)}` },
      element('span', { class: 'to' }, mailbox(to)),
      element('time', { dateTime: sentAt }, timeOfDay(sentAt)),
      element('span', { class: 'subject', dir: 'auto' }, subject),
    ),
  );
}
