/**
 * The door `worker-chains/testing`: what the author of a job, or of a source, tests with. Needs no AWS and no test runner:
 * what fails throws.
 */

export { type ItemOutcome, type ProcessedItems, type ProcessItemsOptions, processItems } from './process-items';
export { type SourceExample, verifySource } from './verify-source';
