import type { Recording } from '../view';

const element = document.querySelector('#recording');

/** Absent where a server serves the page. */
export const recording: Recording | undefined = element ? JSON.parse(element.textContent ?? '') : undefined;

/** The answer to a question of the page; undefined where the file has none. */
export function recordedAnswer({ answers, events }: Recording, address: string): unknown {
  const { pathname, searchParams } = new URL(address, 'file:///');
  if (pathname === '/api/updates') return { version: '', run: answers['/api/run'] };
  if (pathname !== '/api/history') return answers[pathname];
  const [after, limit] = [Number(searchParams.get('after')), Number(searchParams.get('limit'))];
  // Event ids are consecutive from 1: the id is the position.
  return { events: events.slice(after, after + limit) };
}
