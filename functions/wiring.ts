import { randomUUID } from 'node:crypto';
import { Callbacks } from './chain/callbacks';
import { dynamoDb, lazily, ses, stepFunctions, systemClock, variable } from './clients';
import type { Job } from './contract/job';
import { ENVIRONMENT } from './contract/names';
import type { RunInput } from './contract/payloads';
import { LEFTOVERS, type Source } from './contract/source';
import { readSendQuota } from './email/send-quota';
import { ownerOf } from './ledger/attempts';
import { Ledger } from './ledger/ledger';
import { Executions } from './run/executions';
import { leftovers } from './sources/leftovers';
import { list } from './sources/list';

/** The domain, wired to the clients of this execution environment. */

export const random = Math.random;
/** Names an invocation by its request id. */
export const newOwner = (requestId: string): string => ownerOf(requestId, randomUUID());

export const ledger = lazily(
  () => new Ledger({ client: dynamoDb(), tableName: variable(ENVIRONMENT.ledgerTable), clock: systemClock, random }),
);

export const callbacks = /* @__PURE__ */ lazily(
  () => new Callbacks({ client: stepFunctions(), clock: systemClock, random }),
);

export const executions = /* @__PURE__ */ lazily(
  () => new Executions({ client: stepFunctions(), clock: systemClock, random }),
);

/** Sources that every job has beside its own. */
const commonSources = lazily((): readonly Source[] => [list(), leftovers(ledger())]);

/** The source of a run, by the kind that the ledger remembers. */
export function findSource(kind: string, job: Job): Source {
  const source = [job.source, ...commonSources()].find((candidate) => candidate.kind === kind);
  if (!source) throw new Error(`The job ${job.name} has no source of the kind ${kind}: was it replaced during a run?`);
  return source;
}

/** The source that an input asks for: a list of ids, what an earlier run left over, or the job's own. */
export function sourceFor(input: RunInput, job: Job): Source {
  if (input.unprocessedOf !== undefined || input.inDoubtOf !== undefined) return findSource(LEFTOVERS, job);
  if (!Array.isArray(input.ids)) return job.source;
  // A job over a range has numbers for ids: one that is listed as text is nobody's.
  return job.source.kind === 'id-range' ? list({ numbersOnly: true }) : findSource('list', job);
}

/** What SES lets this account send. */
export const readQuota = () => readSendQuota({ client: ses(), clock: systemClock, random });
