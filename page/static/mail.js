import { mailbox } from './address.js';
import { getJson } from './connection.js';
import { element, setAttribute } from './dom.js';
import { dateAndTime } from './format.js';

const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

/** One mail as a mail program shows it. Its HTML runs no script, and stands in a frame of its own. */
export function createMail(reader) {
  let wanted = '';
  let part = 'html';
  const blank = () =>
    reader.replaceChildren(element('p', { class: 'empty' }, 'Choose a mail to read it as its recipient sees it.'));
  blank();

  function show(mail) {
    const address = `/api/mails/${encodeURIComponent(mail.messageId)}`;
    const panels = {
      html: mail.html === undefined ? undefined : ['HTML', () => htmlPart(`${address}/html`, mail)],
      text:
        mail.text === undefined
          ? undefined
          : ['Text', () => element('pre', { class: 'mail-text', dir: 'auto' }, mail.text)],
      headers: ['Headers', () => headerTable(mail.headers)],
      raw: ['Raw source', () => rawSource(mail.raw, `${address}/raw`)],
    };
    const subject = element('h2', { class: 'mail-subject', dir: 'auto', tabIndex: -1 }, mail.subject || '(no subject)');
    reader.replaceChildren(
      element('a', { class: 'back', href: '#inbox' }, '← All mails'),
      subject,
      addressTable(mail),
      ...partTabs(panels, panels[part] ? part : 'html', (chosen) => {
        part = chosen;
      }),
    );
    subject.focus({ preventScroll: true });
    if (reader.getBoundingClientRect().top < 0) reader.scrollIntoView();
  }

  return {
    async open(messageId) {
      wanted = messageId;
      setAttribute(reader, 'aria-busy', 'true');
      try {
        const mail = await getJson(`/api/mails/${encodeURIComponent(messageId)}`);
        if (wanted === messageId) show(mail);
      } catch (error) {
        if (wanted !== messageId) return;
        reader.replaceChildren(
          element('a', { class: 'back', href: '#inbox' }, '← All mails'),
          element('p', { class: 'empty', role: 'alert' }, `This mail cannot be shown. ${error.message}`),
        );
      } finally {
        if (wanted === messageId) setAttribute(reader, 'aria-busy', undefined);
      }
    },
    close() {
      wanted = '';
      blank();
    },
  };
}

/** RFC 8058, section 3.1: one List-Unsubscribe with an HTTPS URI, and one List-Unsubscribe-Post of exactly this value. */
function isOneClick(headers) {
  const values = (name) => headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  const [addresses, ...more] = values('list-unsubscribe');
  const [post, ...posts] = values('list-unsubscribe-post');
  return (
    more.length + posts.length === 0 &&
    /<\s*https:\/\/[^\s<>/]+[^\s<>]*\s*>/i.test(addresses ?? '') &&
    post?.trim().toLowerCase() === 'list-unsubscribe=one-click'
  );
}

function addressTable({ from, to, sentAt, headers }) {
  const unsubscribe = headers.find(([key]) => key.toLowerCase() === 'list-unsubscribe')?.[1];
  const oneClick = isOneClick(headers);
  const rows = [
    ['From', mailbox(from)],
    ['To', mailbox(to)],
    ['Date', dateAndTime(sentAt)],
  ].map(([label, value]) => [element('dt', {}, label), element('dd', {}, value)]);
  const verdict = oneClick ? 'One click' : unsubscribe ? 'Not one click' : 'None';
  rows.push([
    element('dt', {}, 'Unsubscribe'),
    element(
      'dd',
      {},
      element('span', { class: oneClick ? 'chip good' : 'chip bad' }, verdict),
      ' ',
      element('code', {}, unsubscribe ?? ''),
    ),
  ]);
  return element('dl', { class: 'addresses' }, ...rows.flat());
}

/** Tabs as ARIA describes them: one tab stop, arrow keys choose. */
function partTabs(panels, first, onChoose) {
  const names = Object.keys(panels).filter((name) => panels[name]);
  const body = element('div', { class: 'part', role: 'tabpanel', id: 'mail-part', tabIndex: 0 });
  const tabs = new Map();
  const choose = (name) => {
    onChoose(name);
    for (const [each, tab] of tabs) {
      setAttribute(tab, 'aria-selected', String(each === name));
      tab.tabIndex = each === name ? 0 : -1;
    }
    setAttribute(body, 'aria-labelledby', `mail-tab-${name}`);
    body.replaceChildren(panels[name][1]());
  };
  const list = element('div', { class: 'part-tabs', role: 'tablist', 'aria-label': 'Parts of the mail' });
  names.forEach((name, index) => {
    const tab = element(
      'button',
      { type: 'button', role: 'tab', id: `mail-tab-${name}`, 'aria-controls': 'mail-part' },
      panels[name][0],
    );
    tab.addEventListener('click', () => choose(name));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = names.at((index + step) % names.length);
      choose(next);
      tabs.get(next).focus();
    });
    tabs.set(name, tab);
    list.append(tab);
  });
  choose(names.includes(first) ? first : names[0]);
  return [list, body];
}

/** Images from elsewhere would tell their server who reads what: the server's policy refuses them until they are asked for. */
function htmlPart(address, { html, subject }) {
  const part = element('div', {}, htmlFrame(address, subject));
  // A button too many does no harm: the policy decides, not this search.
  if (!/\b(?:src|srcset|background|poster)\s*=|url\(|@import/i.test(html)) return part;
  const load = element('button', { type: 'button', class: 'load-images' }, 'Load images');
  load.addEventListener('click', () => part.replaceChildren(htmlFrame(`${address}?images=remote`, subject)));
  part.prepend(load);
  return part;
}

/** As high as its document, and again when that changes (an image arrives, the window gets narrower). */
function htmlFrame(address, title) {
  const frame = element('iframe', { class: 'mail-html', title: `HTML of: ${title}` });
  frame.setAttribute('sandbox', SANDBOX);
  frame.addEventListener('load', () => {
    const inside = frame.contentDocument;
    if (!inside?.body) return;
    for (const link of inside.querySelectorAll('a[href], area[href]')) {
      link.target = '_blank';
      link.rel = 'noopener noreferrer';
    }
    // The root is at least as high as the frame: only the body can tell that a document has become lower.
    const adjust = () => {
      const style = inside.defaultView.getComputedStyle(inside.body);
      const margins = Number.parseFloat(style.marginTop) + Number.parseFloat(style.marginBottom);
      frame.style.height = `${Math.ceil(inside.body.getBoundingClientRect().height + margins) + 1}px`;
    };
    adjust();
    new ResizeObserver(adjust).observe(inside.body);
  });
  frame.src = address;
  return frame;
}

function headerTable(headers) {
  const rows = headers.map(([name, value]) =>
    element('tr', {}, element('th', { scope: 'row' }, name), element('td', { dir: 'auto' }, value)),
  );
  return element('table', { class: 'values headers' }, element('tbody', {}, ...rows));
}

function rawSource(raw, address) {
  const download = element('a', { class: 'download', href: address, download: '' }, 'Download .eml');
  return element('div', {}, download, element('pre', { class: 'mail-raw' }, raw));
}
