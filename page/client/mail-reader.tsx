import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MailDetail } from '../view';
import { getJson, sentenceOf } from './connection';
import { dateAndTime } from './format';
import { HtmlPart } from './html-part';
import { Mailbox } from './mailbox';
import { OneClick } from './one-click';
import { chainHref } from './route';

const PARTS = { html: 'HTML', text: 'Text', headers: 'Headers', raw: 'Raw source' } as const;

type PartName = keyof typeof PARTS;

/** What was fetched last. */
interface Fetched {
  readonly of: string;
  readonly mail?: MailDetail;
  readonly problem?: string;
}

interface ReaderProps {
  /** Empty for none. */
  readonly messageId: string;
  /** Somebody opened it: it takes the focus. */
  readonly isAsked: boolean;
}

/** One mail as a mail program shows it. */
export function MailReader({ messageId, isAsked }: ReaderProps) {
  const [fetched, setFetched] = useState<Fetched>({ of: '' });
  const [part, choose] = useState<PartName>('html');
  useEffect(() => {
    let wanted = true;
    const show = (content: Omit<Fetched, 'of'>) => {
      if (wanted) setFetched({ of: messageId, ...content });
    };
    if (messageId === '') show({});
    else {
      getJson<MailDetail>(`/api/mails/${encodeURIComponent(messageId)}`).then(
        (mail) => show({ mail }),
        (error) => show({ problem: `This mail cannot be shown. ${sentenceOf(error)}` }),
      );
    }
    return () => {
      wanted = false;
    };
  }, [messageId]);
  const { of, mail, problem } = messageId === '' ? ({ of: '' } as Fetched) : fetched;
  return (
    <article class="card reader" aria-label="Mail" aria-busy={of === messageId ? undefined : true}>
      {isAsked && (mail || problem) && (
        <a class="back" href="#inbox">
          ← All mails
        </a>
      )}
      {problem && (
        <p class="empty" role="alert">
          {problem}
        </p>
      )}
      {mail && <Mail key={mail.messageId} mail={mail} isAsked={isAsked} part={part} onPart={choose} />}
      {!mail && !problem && <p class="empty">Choose a mail to read it as its recipient sees it.</p>}
    </article>
  );
}

interface MailProps {
  readonly mail: MailDetail;
  readonly isAsked: boolean;
  readonly part: PartName;
  readonly onPart: (part: PartName) => void;
}

function Mail({ mail, isAsked, part, onPart }: MailProps) {
  const subject = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (!isAsked) return;
    subject.current?.focus({ preventScroll: true });
    const reader = subject.current?.closest('.reader');
    if (reader && reader.getBoundingClientRect().top < 0) reader.scrollIntoView();
  }, []);
  const parts = (Object.keys(PARTS) as PartName[]).filter((name) => mail[name] !== undefined);
  const shown = parts.includes(part) ? part : (parts[0] ?? 'raw');
  return (
    <>
      <h2 class="mail-subject" dir="auto" tabIndex={-1} ref={subject}>
        {mail.subject || '(no subject)'}
      </h2>
      <Addresses mail={mail} />
      <PartTabs parts={parts} shown={shown} onPart={onPart} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: ARIA has a panel reached with Tab, so that a long one can be scrolled by key. */}
      <div class="part" role="tabpanel" id="mail-part" tabIndex={0} aria-labelledby={`mail-tab-${shown}`}>
        <Part mail={mail} name={shown} />
      </div>
    </>
  );
}

/** RFC 8058, section 3.1: one List-Unsubscribe with an HTTPS URI, and one List-Unsubscribe-Post of exactly this value. */
function isOneClick(headers: MailDetail['headers']): boolean {
  const values = (name: string) => headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  const [addresses, ...more] = values('list-unsubscribe');
  const [post, ...posts] = values('list-unsubscribe-post');
  return (
    more.length + posts.length === 0 &&
    /<\s*https:\/\/[^\s<>/]+[^\s<>]*\s*>/i.test(addresses ?? '') &&
    post?.trim().toLowerCase() === 'list-unsubscribe=one-click'
  );
}

function Addresses({ mail: { from, to, sentAt, headers, origin } }: { readonly mail: MailDetail }) {
  const unsubscribe = headers.find(([key]) => key.toLowerCase() === 'list-unsubscribe')?.[1];
  const oneClick = isOneClick(headers);
  return (
    <dl class="addresses">
      <dt>From</dt>
      <dd>
        <Mailbox value={from} />
      </dd>
      <dt>To</dt>
      <dd>
        <Mailbox value={to} />
      </dd>
      <dt>Date</dt>
      <dd>{dateAndTime(sentAt)}</dd>
      {origin && (
        <>
          <dt>Item</dt>
          <dd>
            {origin.item ?? 'Its id is too long for a tag'}, sent by{' '}
            <a href={chainHref('run', origin.chainId)}>chain {origin.chainId}</a>
          </dd>
        </>
      )}
      <dt>Unsubscribe</dt>
      <dd>
        <span class={oneClick ? 'chip good' : 'chip bad'}>
          {oneClick ? 'One click' : unsubscribe ? 'Not one click' : 'None'}
        </span>{' '}
        {oneClick && unsubscribe && <OneClick key={unsubscribe} header={unsubscribe} />} <code>{unsubscribe}</code>
      </dd>
    </dl>
  );
}

interface TabsProps {
  readonly parts: readonly PartName[];
  readonly shown: PartName;
  readonly onPart: (part: PartName) => void;
}

/** Tabs as ARIA describes them: one tab stop, arrow keys choose. */
function PartTabs({ parts, shown, onPart }: TabsProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step && parts.at((parts.indexOf(shown) + step) % parts.length);
    if (!next) return;
    onPart(next);
    document.getElementById(`mail-tab-${next}`)?.focus();
  };
  return (
    <div class="part-tabs" role="tablist" aria-label="Parts of the mail">
      {parts.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`mail-tab-${name}`}
          aria-controls="mail-part"
          aria-selected={name === shown}
          tabIndex={name === shown ? 0 : -1}
          onClick={() => onPart(name)}
          onKeyDown={onKeyDown}
        >
          {PARTS[name]}
        </button>
      ))}
    </div>
  );
}

function Part({ mail, name }: { readonly mail: MailDetail; readonly name: PartName }) {
  const address = `/api/mails/${encodeURIComponent(mail.messageId)}`;
  if (name === 'html') return <HtmlPart address={`${address}/html`} html={mail.html ?? ''} subject={mail.subject} />;
  if (name === 'text') {
    return (
      <pre class="mail-text" dir="auto">
        {mail.text}
      </pre>
    );
  }
  if (name === 'headers') {
    return (
      <table class="values headers">
        <tbody>
          {mail.headers.map(([header, value], index) => (
            <tr key={index}>
              <th scope="row">{header}</th>
              <td dir="auto">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    );
  }
  return (
    <div>
      <a class="download" href={`${address}/raw`} download="">
        Download .eml
      </a>
      <pre class="mail-raw">{mail.raw}</pre>
    </div>
  );
}
