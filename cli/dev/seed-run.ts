import type { Seed } from '../../functions/contract/seed';
import type { Engine } from '../../local/engine';
import { addressesOf, identityOf } from './endpoints';
import { type DeployedJob, environmentOf } from './jobs';
import type { DevOptions } from './options';
import type { RunPlan } from './run-plan';
import { loadSeed, runSeed } from './seed';

/** A run whose data are to be made on an engine. */
export interface RunToSeed {
  readonly engine: Engine;
  readonly job: DeployedJob;
  readonly plan: RunPlan;
  readonly options: Pick<DevOptions, 'random'>;
  /** Of `--seed`: see `seedOf`. */
  readonly seed: Promise<Seed> | undefined;
}

/**
 * The module that `--seed` names, if it names one. It loads while the app synthesizes; what is wrong with it is told by
 * whoever waits for it.
 *
 * @param scratch directory for the compiled module
 */
export function seedOf({ seed }: Pick<DevOptions, 'seed'>, scratch: string): Promise<Seed> | undefined {
  if (seed === undefined) return undefined;
  const loading = loadSeed(seed, scratch);
  loading.catch(() => {});
  return loading;
}

/**
 * Has the seed make what a run reads; nothing where there is none.
 *
 * @throws UsageError where the module is missing or exports no function by default
 * @throws what the function itself throws
 */
export async function seedRun({ engine, job, plan, options, seed }: RunToSeed): Promise<void> {
  if (seed === undefined) return;
  const request = {
    job: job.name,
    ids: plan.input.ids,
    ...(plan.items !== undefined && { items: plan.items }),
    environment: environmentOf(job),
    random: options.random,
  };
  await runSeed(await seed, request, { ...addressesOf(engine), ...identityOf(engine) });
}
