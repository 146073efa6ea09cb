import { element, setHidden } from './dom.js';
import { count, duration, wordsOfKey } from './format.js';

/** The execution's input and output as a person reads them, and where the embedded services listen. */
export function createReport(container) {
  const cards = {
    output: element('section', { class: 'card', 'aria-label': 'Report' }),
    input: element('section', { class: 'card', 'aria-label': 'Input' }),
    endpoints: element('section', { class: 'card', 'aria-label': 'Embedded services' }),
  };
  container.append(cards.output, element('div', { class: 'given' }, cards.input, cards.endpoints));
  const redraw = whenChanged();
  return {
    update({ execution, endpoints }) {
      redraw(cards.input, execution.input, () => [element('h2', {}, 'Input'), valueTable(execution.input)]);
      redraw(cards.output, execution.output, () => [element('h2', {}, 'Report'), ...output(execution.output)]);
      setHidden(cards.output, execution.output === undefined);
      redraw(cards.endpoints, endpoints, () => [
        element('h2', {}, 'Embedded services'),
        valueTable(endpoints, (name) => name),
      ]);
      setHidden(cards.endpoints, Object.keys(endpoints).length === 0);
    },
  };
}

/** Draws a card again only when its value is another one, so that a reader can select text in it. */
function whenChanged() {
  const drawn = new Map();
  return (card, value, draw) => {
    const key = JSON.stringify(value);
    if (drawn.has(card) && drawn.get(card) === key) return;
    drawn.set(card, key);
    card.replaceChildren(...draw());
  };
}

function output(value) {
  if (!isReport(value)) return [valueTable(value)];
  const { planned, done, skipped, skippedBecause, unprocessed, inDoubt, topErrors, elapsedSeconds, ...rest } = value;
  const sum = done + skipped + unprocessed + inDoubt;
  const adds = sum === planned;
  const rows = [
    sumRow('Done', done),
    sumRow('Skipped', skipped),
    ...Object.entries(skippedBecause ?? {}).map(([reason, number]) => sumRow(reason, number, 'reason')),
    sumRow('Unprocessed', unprocessed),
    sumRow('In doubt', inDoubt),
    sumRow('Sum', sum, 'sum-line'),
    sumRow('Planned', planned),
  ];
  return [
    element('table', { class: 'sums' }, element('tbody', {}, ...rows)),
    element(
      'p',
      { class: adds ? 'verdict good' : 'verdict bad' },
      adds
        ? '✓ Adds up: nobody was forgotten.'
        : `✕ Does not add up: ${count(Math.abs(planned - sum))} items ${sum < planned ? 'are missing' : 'too many'}.`,
    ),
    topErrors?.length > 0 && errorTable(topErrors),
    valueTable({ ...rest, elapsed: duration(elapsedSeconds * 1000) }),
  ].filter(Boolean);
}

function isReport(value) {
  return ['planned', 'done', 'skipped', 'unprocessed', 'inDoubt', 'elapsedSeconds'].every(
    (key) => typeof value?.[key] === 'number',
  );
}

function sumRow(label, number, className) {
  return element('tr', { class: className }, element('th', { scope: 'row' }, label), element('td', {}, count(number)));
}

function errorTable(topErrors) {
  const heads = ['Error', 'Items', 'Examples'].map((head) => element('th', { scope: 'col' }, head));
  const rows = topErrors.map(({ code, count: number, exampleIds }) =>
    element(
      'tr',
      {},
      element('td', {}, element('code', {}, code)),
      element('td', { class: 'number' }, count(number)),
      element('td', {}, exampleIds.join(', ')),
    ),
  );
  return element(
    'table',
    { class: 'errors' },
    element('caption', {}, 'Most frequent errors'),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
}

/** Any JSON value: an object as rows of name and value, nested objects as tables of their own. */
function valueTable(value, label = wordsOfKey) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return element('p', {}, plain(value));
  const rows = Object.entries(value).map(([key, entry]) =>
    element('tr', {}, element('th', { scope: 'row' }, label(key)), element('td', {}, cell(entry))),
  );
  return element('table', { class: 'values' }, element('tbody', {}, ...rows));
}

function cell(value) {
  if (isRange(value)) return `${value.first} to ${value.last} (${count(Math.max(0, value.last - value.first + 1))})`;
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return valueTable(value, (name) => name);
  return plain(value);
}

function isRange(value) {
  return typeof value?.first === 'number' && typeof value?.last === 'number' && Object.keys(value).length === 2;
}

function plain(value) {
  if (typeof value === 'number') return count(value);
  if (typeof value === 'string') return value;
  const json = JSON.stringify(value) ?? '–';
  // A list of ids may be long; the whole of it is in the execution itself.
  return json.length > 400 ? `${json.slice(0, 400)} … (${count(json.length)} characters)` : json;
}
