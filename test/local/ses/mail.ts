import type { Clock } from '../../../functions/contract/clock';

/** A clock that a test sets; what is due later waits in `waiting`. */
export class SettableClock implements Clock {
  time = Date.UTC(2026, 10, 23, 7);
  readonly waiting: { readonly milliseconds: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    this.waiting.push({ milliseconds, callback });
    return () => undefined;
  }
}

/** Source of a small message; a header of `undefined` is left out. */
export function rawMail(headers: Record<string, string | undefined> = {}, body = 'Hello'): Buffer {
  const all: Record<string, string | undefined> = {
    From: 'Weekly Digest <digest@example.com>',
    To: 'user@example.org',
    Subject: 'Your week',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return Buffer.from([...lines, '', body].join('\r\n'));
}
