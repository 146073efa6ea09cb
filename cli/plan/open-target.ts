import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDeployment } from '../deployment/open-deployment';
import type { SurveyOptions } from './survey-options';
import { deployedTarget, type SurveyTarget } from './survey-target';

/**
 * The chain function that the options name, and the input of the run that is meant.
 *
 * @throws UsageError or Failure where there is none
 */
export async function openTarget(options: SurveyOptions): Promise<SurveyTarget> {
  const { stack, job, input } = options;
  if (stack !== undefined) {
    const { deployment } = await openDeployment({ stack, job });
    return deployedTarget(deployment.chainFunction, { ...input, job: deployment.job });
  }
  const scratch = mkdtempSync(join(tmpdir(), 'worker-chains-'));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  // The engine is loaded where it is needed.
  const { embeddedTarget } = await import('./embedded-target');
  const target = await embeddedTarget(options, scratch);
  return { ...target, input: { ...target.input, ...input } };
}
