import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobsOf, runsChains } from '../../cli/dev/jobs';
import { adaptedTemplate } from '../../cli/dev/run-plan';
import { type LocalTemplate, readTemplate, synthesize } from '../../local/template/local-template';
import { sharedAssembly } from '../support/shared-assembly';

export const EXAMPLES = join(__dirname, '../../examples');

/** An example as `worker-chains dev` has it: its own app, with heartbeats so short that one can watch. */
export async function exampleTemplate(name: string, { chains }: { readonly chains: number }): Promise<LocalTemplate> {
  const directory = mkdtempSync(join(tmpdir(), `worker-chains-${name}-`));
  // The engine loads the functions from there.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  // Anew each time: an app may read the environment, such as the address of its API.
  const template = readTemplate(await synthesize(directory, {}, { directory: join(EXAMPLES, name) }), {
    runs: runsChains,
  });
  return adaptedTemplate(template, jobsOf(template), chains);
}

/** The templates of an example, as CloudFormation gets them. */
export async function synthesizedText(name: string): Promise<string> {
  const directory = await sharedAssembly({}, join(EXAMPLES, name));
  const templates = readdirSync(directory).filter((file) => file.endsWith('.template.json'));
  return templates.map((file) => readFileSync(join(directory, file), 'utf8')).join('\n');
}

/** The name of the chains' function. */
export function chainFunction(template: LocalTemplate): string {
  const [job] = jobsOf(template);
  if (job === undefined) throw new Error('Expected the example to have a job, got none.');
  return job.runChain.functionName;
}
