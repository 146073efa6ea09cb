import type { ChunkContext, ChunkItem, ChunkVerdicts } from '../contract/chunk-job';
import type { Job, ProcessContext } from '../contract/job';
import type { Delivery } from '../contract/payloads';
import { isSes, MAIL_ONLY, type Providers } from '../contract/provider';
import type { Source } from '../contract/source';
import { checkedCanary } from './checked-canary';
import { checkedMailPolicy } from './checked-mail-policy';
import { checkedSendWindow } from './checked-send-window';
import { checkedWarmUp } from './checked-warm-up';
import { demand } from './invalid-job';
import { checkedProviders } from './providers';

/** What an author writes; see `Job` for each part. */
export type JobDefinition<Data, Name extends string = string> = Pick<
  Job<Data>,
  'name' | 'source' | 'load' | 'mail' | 'audit' | 'canary' | 'sendWindow' | 'warmUp'
> & {
  /**
   * One to five, by names of lower-case words joined by hyphens; the first one paces the items: the run's rate is its calls
   * per second. The name stands for the provider itself: jobs that share a ledger share the budget of a name.
   *
   * @default - `{ mail: ses() }`
   */
  readonly providers?: Providers<Name>;
  /** Either this or `processChunk`. */
  process?(data: Data, context: ProcessContext<NoInfer<Name>>): unknown;
  /** Either this or `process`; it needs a provider beside `ses()`, in front. */
  processChunk?(
    items: readonly ChunkItem<Data>[],
    context: ChunkContext<NoInfer<Name>>,
  ): Promise<ChunkVerdicts> | ChunkVerdicts;
  /** @default - up to 5 % of the run's items may stay unprocessed */
  readonly tolerate?: Job['tolerate'];
  /** @default - 'at-most-once' */
  readonly delivery?: Delivery;
  /** @default - 0.25 */
  readonly itemSeconds?: number;
  /** Only with `processChunk`. @default - 100 */
  readonly chunkItems?: number;
};

/** Under it a job says which copy of this package made it. In the registry of symbols, which all copies share. */
const MAKER = Symbol.for('worker-chains.maker');
/** This copy. */
const HERE = Symbol('worker-chains');

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Characters: the name becomes part of an occurrence's key and of metrics. */
const LONGEST_NAME = 64;
/** DynamoDB reads at most so many items in one bulk read. */
const MOST_CHUNK_ITEMS = 100;
const DELIVERIES: readonly Delivery[] = ['at-most-once', 'at-least-once'];
const FIELDS = [
  ...['name', 'source', 'load', 'providers', 'process', 'processChunk', 'chunkItems'],
  ...['tolerate', 'delivery', 'itemSeconds'],
  ...['mail', 'audit', 'canary', 'sendWindow', 'warmUp'],
];
/**
 * Well below the three minutes that a link of the default timeout keeps for the items that are under way at its end.
 */
const LONGEST_ITEM_SECONDS = 20;
const SOURCE_METHODS = ['plan', 'split', 'read', 'compare'] as const;

/**
 * Declares a job.
 *
 * @example
 * export default defineJob<User>({
 *   name: 'weekly-digest',
 *   source: idRange(),
 *   load: (ids) => users.read(ids),
 *   process: (user, { send }) => (user.unsubscribed ? skip('unsubscribed') : send(digestFor(user))),
 *   tolerate: { unprocessed: 0.01 },
 * });
 *
 * @throws InvalidJob where a field is missing, unknown or wrong: when the module loads, so that it never reaches a run
 */
export function defineJob<Data, Name extends string = string>(definition: JobDefinition<Data, Name>): Job<Data> {
  const { name, source, load, process, processChunk, chunkItems, itemSeconds } = definition;
  const { tolerate = { unprocessed: 0.05 }, delivery = 'at-most-once', providers = MAIL_ONLY } = definition;
  for (const field of Object.keys(definition)) {
    demand(FIELDS.includes(field), `a job to have only the fields ${FIELDS.join(', ')}`, field);
  }
  demand(
    typeof name === 'string' && name.length <= LONGEST_NAME && NAME.test(name),
    `\`name\` to be lower-case words joined by hyphens, at most ${LONGEST_NAME} characters`,
    name,
  );
  demand(isSource(source), '`source` to be a source such as idRange()', source);
  demand(
    typeof load === 'function' || (load === undefined && typeof source.load === 'function'),
    typeof source.load === 'function'
      ? '`load` to be a function, or to be left out'
      : '`load` to be a function, as the source brings no data itself',
    load,
  );
  if (processChunk === undefined) demand(typeof process === 'function', '`process` to be a function', process);
  else demandChunks(definition);
  demand(
    chunkItems === undefined || processChunk !== undefined,
    'no `chunkItems` beside `process`, which has one item',
    chunkItems,
  );
  demand(isShare(tolerate?.unprocessed), '`tolerate.unprocessed` to be a number from 0 to 1', tolerate?.unprocessed);
  demand(DELIVERIES.includes(delivery), `\`delivery\` to be one of ${DELIVERIES.join(', ')}`, delivery);
  demand(
    itemSeconds === undefined || isItemSeconds(itemSeconds),
    `\`itemSeconds\` to be a number of seconds above 0, at most ${LONGEST_ITEM_SECONDS}`,
    itemSeconds,
  );
  const job: Job<Data> = {
    name,
    source,
    ...(load && { load }),
    providers: checkedProviders(providers),
    process: process ?? processedInChunks,
    ...(processChunk && { processChunk }),
    ...(chunkItems !== undefined && { chunkItems }),
    tolerate: Object.freeze({ unprocessed: tolerate.unprocessed }),
    delivery,
    ...(itemSeconds !== undefined && { itemSeconds }),
    ...checkedOptions(definition),
  };
  return Object.freeze(Object.defineProperty(job, MAKER, { value: HERE }));
}

/**
 * Which copy of `defineJob` made a job: this one, or that of a second installation of this package, whose refusals and
 * skips are of classes that this copy does not know. Undefined for a value that is no job.
 */
export function makerOf(value: unknown): 'this copy' | 'another copy' | undefined {
  const maker = typeof value === 'object' && value !== null ? Reflect.get(value, MAKER) : undefined;
  return maker === HERE ? 'this copy' : maker && 'another copy';
}

/** What a job may say beside what it does. */
function checkedOptions<Data, Name extends string>(definition: JobDefinition<Data, Name>): Partial<Job<Data>> {
  const { mail, audit, canary, sendWindow, warmUp, providers = MAIL_ONLY } = definition;
  demand(audit === undefined || typeof audit === 'boolean', '`audit` to be true or false', audit);
  return {
    ...(mail !== undefined && { mail: checkedMailPolicy(mail) }),
    ...(audit !== undefined && { audit }),
    ...(canary !== undefined && { canary: checkedCanary(canary) }),
    ...(sendWindow !== undefined && { sendWindow: checkedSendWindow(sendWindow) }),
    ...(warmUp !== undefined && { warmUp: checkedWarmUp(warmUp, providers) }),
  };
}

function demandChunks<Data, Name extends string>(definition: JobDefinition<Data, Name>): void {
  const { process, processChunk, chunkItems, providers = MAIL_ONLY } = definition;
  demand(process === undefined, '`process` or `processChunk`, not both', 'both');
  demand(typeof processChunk === 'function', '`processChunk` to be a function', processChunk);
  const [first] = Object.values(providers);
  demand(
    first !== undefined && !isSes(first),
    'the first of `providers` to be one that `processChunk` calls',
    isSes(first) ? 'ses()' : first,
  );
  demand(
    chunkItems === undefined || (Number.isSafeInteger(chunkItems) && chunkItems >= 1 && chunkItems <= MOST_CHUNK_ITEMS),
    `\`chunkItems\` to be a whole number from 1 to ${MOST_CHUNK_ITEMS}`,
    chunkItems,
  );
}

/** `process` of a job that has `processChunk`: nobody calls it. */
function processedInChunks(): never {
  throw new Error('Expected the items of this job to be processed in chunks, got one alone: call `processChunk`.');
}

function isSource(value: unknown): value is Source {
  const source = value as Partial<Source> | null | undefined;
  return typeof source?.kind === 'string' && SOURCE_METHODS.every((method) => typeof source[method] === 'function');
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function isItemSeconds(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= LONGEST_ITEM_SECONDS;
}
