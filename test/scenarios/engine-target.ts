import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { runsChains } from '../../cli/dev/jobs';
import { provision } from '../../cli/dev/provision';
import { startEngine } from '../../local/engine';
import { ENVIRONMENTS_PER_THREAD } from '../../local/lambda/worker-threads';
import { readTemplate, synthesize } from '../../local/template/local-template';
import { openTarget, type ScenarioTarget } from './scenario-target';

/** The template that would be deployed, on the embedded engine. */
export async function openEngine(): Promise<{ readonly target: ScenarioTarget; close(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'worker-chains-scenarios-'));
  const removed = () => rmSync(directory, { recursive: true, force: true });
  await synthesize(directory, {}, { directory: __dirname });
  const template = readTemplate(directory, { runs: runsChains });
  const engine = await startEngine({
    ...{ template, port: 0, replaced: {}, maxSendRate: 200, max24HourSend: -1 },
    environmentsPerThread: ENVIRONMENTS_PER_THREAD,
  });
  const sfn = new SFNClient({ ...engine.client('stepFunctions'), maxAttempts: 1 });
  await provision(template, engine, sfn);
  sfn.destroy();
  const target = await openTarget({
    name: 'the embedded engine',
    settings: (service) => engine.client(service),
    mailsTo: (address) => new Map(engine.inbox.countByRecipient()).get(address) ?? 0,
    lookMilliseconds: 50,
    mostLooks: 2000,
  });
  return {
    target,
    async close() {
      await engine.close();
      removed();
    },
  };
}
