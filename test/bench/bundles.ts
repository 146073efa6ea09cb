import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { FunctionConfig } from '../../local/lambda/runtime';
import { readTemplate, synthesize } from '../../local/template/local-template';
import { median } from './statistics';

export interface BundleCell {
  /** Name of its state or role: `RunChain`. */
  readonly function: string;
  /** Size of the one file that is deployed. */
  readonly bytes: number;
  /** Until the handler could be called, in a process of its own: median. */
  readonly loadMs: number;
}

const run = promisify(execFile);
const FUNCTIONS = ['CreateWorkers', 'RunChain', 'FailChain', 'ReconcileRun'];
const MEASURE = `
const startedAt = performance.now();
const { handler } = await import(process.argv[1]);
if (typeof handler !== 'function') throw new Error('Expected the bundle to export a handler.');
process.stdout.write(String(performance.now() - startedAt));
`;

/** Bundles the functions as a deployment does, and loads each `repetitions` times, taking turns. */
export async function bundleCells(repetitions: number): Promise<readonly BundleCell[]> {
  const directory = mkdtempSync(join(tmpdir(), 'worker-chains-bench-'));
  try {
    await synthesize(directory);
    const deployed = readTemplate(directory).functions;
    const bundles = FUNCTIONS.map((name) => ({ name, config: only(deployed, name), loads: [] as number[] }));
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const { config, loads } of bundles) loads.push(await loadMilliseconds(config));
    }
    return bundles.map(({ name, config, loads }) => ({
      function: name,
      bytes: statSync(bundleOf(config)).size,
      loadMs: median(loads),
    }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function loadMilliseconds(config: FunctionConfig): Promise<number> {
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', MEASURE, pathToFileURL(bundleOf(config)).href],
    { env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1', ...config.environment } },
  );
  return Number(stdout);
}

function bundleOf({ codeDirectory, handler }: FunctionConfig): string {
  return join(codeDirectory, `${handler.slice(0, handler.indexOf('.'))}.mjs`);
}

function only(functions: readonly FunctionConfig[], name: string): FunctionConfig {
  const found = functions.filter(({ logicalId }) => logicalId.includes(name));
  if (found.length !== 1) throw new Error(`Expected one ${name} function in the template, got ${found.length}.`);
  return found[0] as FunctionConfig;
}
