import { useEffect, useRef, useState } from 'preact/hooks';
import { functionLink } from './function-link';

const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

interface Props {
  /** Of the HTML alone. */
  readonly address: string;
  readonly html: string;
  readonly subject: string;
}

/** Images from elsewhere would tell their server who reads what: the server's policy refuses them until they are asked for. */
export function HtmlPart({ address, html, subject }: Props) {
  const [images, setImages] = useState(false);
  // A button too many does no harm: the policy decides, not this search.
  const mayHaveImages = /\b(?:src|srcset|background|poster)\s*=|url\(|@import/i.test(html);
  const source = images ? `${address}?images=remote` : address;
  return (
    <div>
      {mayHaveImages && !images && (
        <button type="button" class="load-images" onClick={() => setImages(true)}>
          Load images
        </button>
      )}
      <HtmlFrame key={source} source={source} subject={subject} />
    </div>
  );
}

/** As high as its document, and again when that changes (an image arrives, the window gets narrower). No script runs in it. */
function HtmlFrame({ source, subject }: { readonly source: string; readonly subject: string }) {
  const observer = useRef<ResizeObserver>(undefined);
  useEffect(() => () => observer.current?.disconnect(), []);
  const onLoad = (frame: HTMLIFrameElement) => {
    const inside = frame.contentDocument;
    if (!inside?.body) return;
    for (const link of inside.querySelectorAll<HTMLAnchorElement | HTMLAreaElement>('a[href], area[href]')) {
      link.href = functionLink(link.href) ?? link.href;
      link.target = '_blank';
      link.rel = 'noopener noreferrer';
    }
    observer.current?.disconnect();
    observer.current = new ResizeObserver(() => {
      frame.style.height = `${heightOf(inside)}px`;
    });
    observer.current.observe(inside.body);
  };
  return (
    <iframe
      class="mail-html"
      title={`HTML of: ${subject}`}
      sandbox={SANDBOX}
      src={source}
      onLoad={(event) => onLoad(event.currentTarget)}
    />
  );
}

/** The root is at least as high as the frame: only the body can tell that a document has become lower. */
function heightOf({ body, defaultView }: Document): number {
  const style = defaultView?.getComputedStyle(body);
  const margins = Number.parseFloat(style?.marginTop ?? '0') + Number.parseFloat(style?.marginBottom ?? '0');
  return Math.ceil(body.getBoundingClientRect().height + margins) + 1;
}
