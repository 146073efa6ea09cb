import { EXPRESSION_ROWS } from './expressions';
import { KEY_ROWS } from './keys';
import { REQUEST_ROWS } from './requests';
import type { Row } from './row';
import { VALUE_ROWS } from './values';

/** What DynamoDB documents, or was recorded, to refuse of the operations that the product uses; and what it just accepts. */
export const ROWS: readonly Row[] = [...KEY_ROWS, ...VALUE_ROWS, ...EXPRESSION_ROWS, ...REQUEST_ROWS];
