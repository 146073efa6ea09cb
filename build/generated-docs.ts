import { addressesDoc } from './addresses-doc';
import { sesErrorsDoc } from './ses-errors-doc';

/** A document that is made of a table in code: the two cannot tell different things. */
export interface GeneratedDoc {
  /** From the project's directory. */
  readonly path: string;
  readonly text: string;
}

/** What `npm run docs` writes, and a test compares with what is there. */
export function generatedDocs(): readonly GeneratedDoc[] {
  return [
    { path: 'docs/addresses.md', text: addressesDoc() },
    { path: 'docs/ses-errors.md', text: sesErrorsDoc() },
  ];
}
