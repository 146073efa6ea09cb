import { useState } from 'preact/hooks';
import { functionLink } from './function-link';

type State = 'ready' | 'asked' | 'done' | 'failed';

const SAID: Readonly<Record<Exclude<State, 'ready'>, string>> = {
  asked: 'Unsubscribing …',
  done: 'Unsubscribed',
  failed: 'It did not work',
};

/**
 * The button that mail programs show for RFC 8058: one POST, without a page. Only where the engine answers for the
 * address: this page asks nobody else.
 */
export function OneClick({ header }: { readonly header: string }) {
  const [state, setState] = useState<State>('ready');
  const address = /<\s*(https:\/\/[^\s<>]+)\s*>/i.exec(header)?.[1] ?? '';
  const link = functionLink(address);
  if (link === undefined) return null;
  const unsubscribe = () => {
    setState('asked');
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    fetch(link, { method: 'POST', body }).then(
      ({ ok }) => setState(ok ? 'done' : 'failed'),
      () => setState('failed'),
    );
  };
  if (state !== 'ready') return <span role="status">{SAID[state]}</span>;
  return (
    <button type="button" onClick={unsubscribe}>
      Unsubscribe
    </button>
  );
}
