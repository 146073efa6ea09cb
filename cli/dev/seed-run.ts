import type { Engine } from '../../local/engine';
import { addressesOf, identityOf } from './endpoints';
import { type DeployedJob, environmentOf } from './jobs';
import type { DevOptions } from './options';
import type { RunPlan } from './run-plan';
import { runSeed } from './seed';

/** A run whose data are to be made on an engine. */
export interface RunToSeed {
  readonly engine: Engine;
  readonly job: DeployedJob;
  readonly plan: RunPlan;
  readonly options: Pick<DevOptions, 'seed' | 'random'>;
  /** Directory for the compiled module. */
  readonly scratch: string;
}

/**
 * Has the module that `--seed` names make what a run reads; nothing where it names none.
 *
 * @throws UsageError where the module is missing or exports no function by default
 * @throws what the function itself throws
 */
export async function seedRun({ engine, job, plan, options, scratch }: RunToSeed): Promise<void> {
  if (options.seed === undefined) return;
  const request = {
    job: job.name,
    ids: plan.input.ids,
    ...(plan.items !== undefined && { items: plan.items }),
    environment: environmentOf(job),
    random: options.random,
  };
  await runSeed(options.seed, request, { scratch, variables: { ...addressesOf(engine), ...identityOf(engine) } });
}
