import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PROJECT_DIRECTORY = resolve(__dirname, '..', '..');

/** Enough for a message of the CDK with its explanation. */
const LINES_OF_AN_ERROR = 12;

/**
 * Synthesizes the app into `outputDirectory`, as `cdk synth` does but without the CLI and the template validation, which
 * together take longer than everything else.
 *
 * @param context the settings that the CLI takes as `-c name=value`
 * @throws with the last lines that the app printed
 */
export function synthesize(outputDirectory: string, context: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const { CDK_DEFAULT_ACCOUNT: _account, CDK_DEFAULT_REGION: _region, ...environment } = process.env;
  const app = spawn(process.execPath, ['--import', 'tsx', join('cdk', 'app.ts')], {
    cwd: PROJECT_DIRECTORY,
    env: {
      ...environment,
      CDK_OUTDIR: resolve(outputDirectory),
      CDK_CONTEXT_JSON: JSON.stringify({ ...projectContext(), ...context }),
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  app.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return new Promise((succeed, fail) => {
    app.once('error', fail);
    app.once('close', (code, signal) => {
      if (code === 0) succeed();
      else fail(new Error(`The app did not synthesize (${signal ?? `exit code ${code}`}).\n${lastLines(printed)}`));
    });
  });
}

/** Context of `cdk.json`, which the CLI passes on and the app does not read by itself. */
function projectContext(): Record<string, unknown> {
  const file = join(PROJECT_DIRECTORY, 'cdk.json');
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, 'utf8')) as { context?: Record<string, unknown> }).context ?? {};
}

function lastLines(printed: string): string {
  return printed
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at |^Node\.js v/.test(line))
    .slice(-LINES_OF_AN_ERROR)
    .join('\n');
}
