/**
 * The door `worker-chains`: what the author of a job needs, and nothing else. Runs in the functions, at synth and in tests.
 */

export { dynamoDb, variable } from './clients';
export { isTransient } from './contract/aws-errors';
export type { Canary } from './contract/canary';
export type { ChunkCallContext, ChunkContext, ChunkItem, ChunkVerdict, ChunkVerdicts } from './contract/chunk-job';
export type { Clock } from './contract/clock';
export type { Attachment, Email, UnsubscribeRecipient } from './contract/email';
export { invalidInput, Refusal, type RefusalKind, type RefusalOptions, sourceChanged } from './contract/errors';
export { isSkip, type Job, type ProcessContext, type Skip, skip } from './contract/job';
export type { FeedbackLimits, MailPolicy } from './contract/mail-policy';
export type { Delivery, IdRange, ItemId, RunInput } from './contract/payloads';
export { type CallContext, type Provider, type Providers, type SesProvider, ses } from './contract/provider';
export type { Seed, SeedRequest } from './contract/seed';
export type { SendWindow, Weekday } from './contract/send-window';
export {
  type Cursor,
  type EnvironmentVariable,
  type Expected,
  env,
  type ItemFault,
  type ItemRef,
  type Partition,
  type Source,
  type SourceGrant,
  type SourceItem,
  type SourcePage,
  type SourcePlan,
  type Text,
} from './contract/source';
export { inDoubt, rejected, throttled } from './contract/verdicts';
export type { WarmUp } from './contract/warm-up';
export type { CompiledMail, CompiledParts } from './email/compiled-mail';
export { Html, html, type Interpolation } from './email/html';
export { type MailTemplate, mailTemplate, type RenderedMail } from './email/mail-template';
export { type HttpOptions, type HttpResponse, http } from './http';
export { defineJob, type JobDefinition } from './jobs/define-job';
export { InvalidJob } from './jobs/invalid-job';
export { type RetryTransientOptions, retryTransient } from './jobs/retry-transient';
export { idRange } from './sources/id-range';
export { type S3ObjectOptions, s3Object } from './sources/s3-object';
export { table } from './sources/table';
export type {
  QueryValue,
  TableIndex,
  TableKey,
  TableOptions,
  TableQuery,
  TableRow,
} from './sources/table-options';
