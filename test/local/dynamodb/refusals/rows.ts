import { EXPRESSION_ROWS } from './expressions';
import { KEY_CONDITION_ROWS } from './key-conditions';
import { KEY_ROWS } from './keys';
import { OPERAND_ROWS } from './operands';
import { REQUEST_ROWS } from './requests';
import type { Row } from './row';
import { VALUE_ROWS } from './values';

/** What DynamoDB documents, or was recorded, to refuse of the operations that the product uses; and what it just accepts. */
export const ROWS: readonly Row[] = [
  ...KEY_CONDITION_ROWS,
  ...KEY_ROWS,
  ...VALUE_ROWS,
  ...EXPRESSION_ROWS,
  ...OPERAND_ROWS,
  ...REQUEST_ROWS,
];
