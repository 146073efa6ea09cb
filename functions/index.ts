/**
 * The door `worker-chains`: what the author of a job needs, and nothing else. Runs in the functions, at synth and in tests.
 */

export type { Email } from './contract/email';
export { invalidInput, Refusal, type RefusalKind } from './contract/errors';
export {
  type Cursor,
  isSkip,
  type Job,
  type Partition,
  type ProcessContext,
  type Skip,
  type Source,
  type SourcePlan,
  skip,
} from './contract/job';
export type { Delivery, IdRange, ItemId, RunInput } from './contract/payloads';
export type { Seed, SeedRequest } from './contract/seed';
export { Html, html } from './email/html';
export { defineJob, type JobDefinition } from './jobs/define-job';
export { idRange } from './sources/id-range';
