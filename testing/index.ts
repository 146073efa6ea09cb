/**
 * The door `worker-chains/testing`: what the author of a job, or of a source, tests with. Needs no AWS and no test runner
 * but the author's own: what fails throws.
 */

export { type DescribeSourceOptions, describeSource } from './describe-source';
export { type ItemOutcome, type ProcessedItems, type ProcessItemsOptions, processItems } from './process-items';
export type { MakeWorld, SourceWorld } from './source-world';
export type { TestRunner } from './test-runner';
export { type SourceExample, verifySource } from './verify-source';
