import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { startEngine } from '../../local/engine';
import { replacedServices } from '../dev/endpoints';
import { jobsOf, meantJob } from '../dev/jobs';
import { chainsOf } from '../dev/opening';
import type { DevOptions } from '../dev/options';
import { provision } from '../dev/provision';
import { planRun } from '../dev/run-plan';
import { seedOf, seedRun } from '../dev/seed-run';
import { synthesizedAssembly } from '../dev/synthesized';
import { printableError } from '../printable';
import { askFunction, type SurveyTarget } from './survey-target';

export type EmbeddedTargetOptions = Pick<
  DevOptions,
  'job' | 'schedule' | 'items' | 'chains' | 'rate' | 'seed' | 'random'
>;

const UNLIMITED = -1;

/**
 * The app of the working directory on an engine of this process, with the data that the seed makes.
 *
 * @param scratch directory for what is compiled
 * @throws UsageError where the command line does not fit the app, Failure where the app cannot be run
 */
export async function embeddedTarget(options: EmbeddedTargetOptions, scratch: string): Promise<SurveyTarget> {
  const seed = seedOf(options, scratch);
  const template = chainsOf(await synthesizedAssembly(scratch));
  const job = meantJob(jobsOf(template), options);
  const plan = planRun(job, options, new Date());
  const engine = await startEngine({
    template,
    port: 0,
    maxSendRate: plan.accountRate,
    max24HourSend: UNLIMITED,
    replaced: replacedServices(),
    onError: (error) => process.stderr.write(`${printableError(error)}\n`),
  });
  const client = new LambdaClient({ ...engine.client('lambda'), maxAttempts: 1 });
  const sfn = new SFNClient({ ...engine.client('stepFunctions'), maxAttempts: 1 });
  const close = async () => {
    client.destroy();
    sfn.destroy();
    await engine.close();
  };
  try {
    await provision(template, engine, sfn);
    await seedRun({ engine, job, plan, options, seed });
  } catch (error) {
    await close();
    throw error;
  }
  // A demonstration's links are short; deployed ones are not, and they are what is planned.
  const { linkSeconds: _, ...input } = plan.input as Record<string, unknown>;
  return {
    input,
    starts: job.rules,
    memoryMegabytes: job.runChain.memoryMegabytes,
    ask: (event) => askFunction(client, job.runChain.functionName, event),
    close,
  };
}
