import { element } from './dom.js';

/**
 * `Name <user@example.com>` with the name and the address each in its own direction: in one run of text, a
 * right-to-left name would tear the brackets apart.
 */
export function mailbox(value) {
  const [, name, address] = /^(.*\S)\s*(<[^<>]+>)$/.exec(value) ?? [];
  if (!name) return element('bdi', {}, value);
  return element(
    'span',
    { class: 'mailbox', dir: 'ltr' },
    element('bdi', { class: 'mailbox-name' }, name),
    ' ',
    element('bdi', { class: 'mailbox-address', dir: 'ltr' }, address),
  );
}
