import { RECORD_VERSION } from '../contract/versions';
import type { Condition } from './ledger-table';

/** What must hold of a record for a write to take effect. */

export const ABSENT: Condition = { expression: 'attribute_not_exists(#pk)' };
export const PRESENT: Condition = { expression: 'attribute_exists(#pk)' };

/** No later deployment wrote the record: what one did is left alone. */
export const KNOWN_VERSION: Condition = {
  expression: '(attribute_not_exists(#version) OR #version <= :version)',
  values: { version: RECORD_VERSION },
};

/** The record has these values in these attributes. */
export function has(values: Readonly<Record<string, unknown>>): Condition {
  const equal = Object.keys(values).map((name) => `#${name} = :${name}`);
  return { expression: equal.join(' AND '), values };
}

/** The record's status is one of these. */
export function statusIn(statuses: readonly string[]): Condition {
  const values = Object.fromEntries(statuses.map((status, index) => [`from${index}`, status]));
  return { expression: `#status IN (${Object.keys(values).map((name) => `:${name}`)})`, values };
}

/** All of these hold. */
export function allOf(...conditions: readonly Condition[]): Condition {
  return {
    expression: conditions.map(({ expression }) => expression).join(' AND '),
    values: Object.assign({}, ...conditions.map(({ values }) => values)),
  };
}
