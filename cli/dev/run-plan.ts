import { MOST_CHAINS } from '../../functions/contract/map-mode';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { FunctionConfig } from '../../local/lambda/runtime';
import type { LocalTemplate } from '../../local/template/local-template';
import { UsageError } from '../command-line';
import { type DeployedJob, environmentOf } from './jobs';
import type { DevOptions } from './options';

/** What a run on this machine starts with. */
export interface RunPlan {
  /** Of the execution: what the schedule would give it now, with what the command line says instead. */
  readonly input: Readonly<Record<string, unknown>> & { readonly job: string };
  /** Number of its items, where its ids tell. */
  readonly items?: number;
  readonly chains: number;
  /** The job has a sender. */
  readonly sendsMail: boolean;
  /** Mails per second that the account may send. */
  readonly accountRate: number;
}

const USUAL_ACCOUNT_RATE = 250;
const USUAL_CHAINS = 10;
/** Every chain hands over a few times, even in a short demonstration. */
const LINKS_PER_CHAIN = 4;
const SHORTEST_LINK_SECONDS = 2;
const LONGEST_LINK_SECONDS = 60;
/** Short, so that a stopped run ends while one watches. */
const HEARTBEAT_SECONDS = 10;
/** Lambda's least MaximumEventAgeInSeconds. */
const LEAST_EVENT_AGE_SECONDS = 60;

/**
 * Plans a run from the input that the rule would give it, at the moment `time`: one way for every app, which is not
 * synthesized anew for a demonstration.
 *
 * @throws UsageError where `--items` cannot be applied to the ids of the scheduled run, or `--chains` asks for more than the
 * job may have
 */
export function planRun(job: DeployedJob, options: Pick<DevOptions, 'items' | 'chains' | 'rate'>, time: Date): RunPlan {
  const scheduled = job.rule.input(time);
  const ids = options.items === undefined ? scheduled.ids : firstIds(scheduled.ids, options.items);
  const items = countOf(ids);
  const chains = options.chains ?? numberOf(scheduled.chains) ?? USUAL_CHAINS;
  const most = MOST_CHAINS[environmentOf(job)[ENVIRONMENT.mapMode] === 'distributed' ? 'distributed' : 'inline'];
  if (chains > most) {
    throw new UsageError(
      `Expected --chains to be a number of chains from 1 to ${most}, got ${chains}: for example --chains ${USUAL_CHAINS}.`,
    );
  }
  const asked = numberOf(scheduled.rate);
  const accountRate = options.rate ?? Math.max(USUAL_ACCOUNT_RATE, Math.ceil(asked ?? 0));
  // An account that may send less than the schedule asks for refuses the run: it takes its share instead.
  const sendsMail = environmentOf(job)[ENVIRONMENT.sender] !== undefined;
  const rate = asked !== undefined && (asked <= accountRate || !sendsMail) ? asked : undefined;
  const share = Number(environmentOf(job)[ENVIRONMENT.sendShare] ?? 1);
  const linkSeconds = shortLinks(items, rate ?? accountRate * share, numberOf(scheduled.linkSeconds));
  const { ids: _ids, rate: _rate, ...others } = scheduled;
  return {
    input: {
      ...others,
      job: job.name,
      ...(ids !== undefined && { ids }),
      ...(rate !== undefined && { rate }),
      chains,
      ...(linkSeconds !== undefined && { linkSeconds }),
    },
    ...(items !== undefined && { items }),
    chains,
    sendsMail,
    accountRate,
  };
}

/**
 * What the functions that run here have otherwise than deployed, so that one can watch: heartbeats so short that a stop
 * is seen to take effect, and room for as many chains as were asked for.
 */
export function adaptedTemplate(template: LocalTemplate, jobs: readonly DeployedJob[], chains: number): LocalTemplate {
  const adapted = new Map<FunctionConfig, FunctionConfig>();
  for (const { createWorkers, runChain } of jobs) {
    const { heartbeatSeconds, concurrentLinks } = ENVIRONMENT;
    const { environment } = createWorkers;
    const links = Math.max(Number(environment[concurrentLinks] ?? 0), 2 * chains);
    const heartbeat = Math.min(Number(environment[heartbeatSeconds] ?? HEARTBEAT_SECONDS), HEARTBEAT_SECONDS);
    adapted.set(createWorkers, {
      ...createWorkers,
      environment: { ...environment, [heartbeatSeconds]: String(heartbeat), [concurrentLinks]: String(links) },
    });
    adapted.set(runChain, {
      ...runChain,
      reservedConcurrency: links,
      maximumEventAgeSeconds: Math.max(LEAST_EVENT_AGE_SECONDS, heartbeat),
    });
  }
  return { ...template, functions: template.functions.map((config) => adapted.get(config) ?? config) };
}

/** The first `items` of a range or of a list. */
function firstIds(ids: unknown, items: number): unknown {
  if (Array.isArray(ids)) return ids.slice(0, items);
  if (ids === undefined) return { first: 1, last: items };
  const { first } = (ids ?? {}) as { first?: unknown };
  if (typeof first === 'number' && countOf(ids) !== undefined) return { first, last: first + items - 1 };
  throw new UsageError(
    `Expected --items for a job whose schedule has a range or a list of ids, got one with ${JSON.stringify(ids)}: leave it out.`,
  );
}

function countOf(ids: unknown): number | undefined {
  if (Array.isArray(ids)) return ids.length;
  const { first, last } = (ids ?? {}) as { first?: unknown; last?: unknown };
  return typeof first === 'number' && typeof last === 'number' ? last - first + 1 : undefined;
}

/** Seconds of a link; those of the scheduled run if they are fewer, or if it is not known how long the run takes. */
function shortLinks(items: number | undefined, itemsPerSecond: number, scheduled: number | undefined) {
  if (items === undefined) return scheduled;
  const wanted = Math.round(items / itemsPerSecond / LINKS_PER_CHAIN);
  const seconds = Math.min(LONGEST_LINK_SECONDS, Math.max(SHORTEST_LINK_SECONDS, wanted));
  return Math.min(scheduled ?? seconds, seconds);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
