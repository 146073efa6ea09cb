import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Enough for a message of the CDK with its explanation. */
const LINES_OF_AN_ERROR = 12;

/**
 * For stacks that take account and region from the surroundings, as the CLI says them: those of the embedded engine.
 */
const SURROUNDINGS = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'us-east-1' };

/** There is no app to synthesize in the directory. */
export class NoAppError extends Error {}

interface CdkSettings {
  readonly app?: unknown;
  readonly build?: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface SynthesisOptions {
  /** Of the app. @default - the working directory */
  readonly directory?: string;
  /** More variables for the app. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the process that synthesizes. */
  readonly signal?: AbortSignal;
}

/**
 * Synthesizes the app of `directory` into `outputDirectory`, as `cdk synth` does there: with the commands `build` and
 * `app` of its `cdk.json`, and with the context of `cdk.json` and `cdk.context.json`. Without the CLI and the template
 * validation, which together take longer than everything else.
 *
 * As with the CLI, `CDK_APP` in the environment stands instead of `app`, and either may be the directory of a cloud
 * assembly (`cdk.out`): what was synthesized once is then taken as it is.
 *
 * @param context the settings that the CLI takes as `-c name=value`
 * @returns the directory of the cloud assembly
 * @throws NoAppError where there is no app
 * @throws Error where the app fails: with the last lines that it printed
 */
export async function synthesize(
  outputDirectory: string,
  context: Readonly<Record<string, unknown>> = {},
  { directory = process.cwd(), environment: more = {}, signal }: SynthesisOptions = {},
): Promise<string> {
  const settings = settingsOf(directory);
  const assembly = resolve(directory, settings.app);
  if (isDirectory(assembly)) return assembly;
  const environment = {
    ...process.env,
    ...SURROUNDINGS,
    ...more,
    CDK_OUTDIR: resolve(outputDirectory),
    CDK_CONTEXT_JSON: JSON.stringify({
      // Says where in the app a resource stands; the CLI does so, too.
      'aws:cdk:enable-path-metadata': true,
      ...settings.context,
      ...contextOf(join(directory, 'cdk.context.json')),
      ...context,
    }),
    CDK_VALIDATION: 'false',
  };
  const surroundings = { cwd: directory, env: environment, ...(signal && { signal }) };
  if (typeof settings.build === 'string') await run(settings.build, surroundings);
  await run(settings.app, surroundings);
  return outputDirectory;
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function settingsOf(directory: string): CdkSettings & { readonly app: string } {
  const file = join(directory, 'cdk.json');
  const { CDK_APP = '' } = process.env;
  if (CDK_APP !== '') return { ...contextOf(file), app: CDK_APP };
  if (!existsSync(file)) {
    throw new NoAppError(`Expected a cdk.json in ${directory}, got none: call this in the directory of a CDK app.`);
  }
  const settings = contextOf(file) as CdkSettings;
  if (typeof settings.app === 'string' && settings.app !== '') return { ...settings, app: settings.app };
  throw new NoAppError(
    `Expected ${file} to say by "app" how the app is synthesized, got ${JSON.stringify(settings.app) ?? 'nothing'}: for example "node --import tsx app.ts".`,
  );
}

function contextOf(file: string): Readonly<Record<string, unknown>> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}

/** The command goes through a shell, as the CLI does it: it may be a pipeline, and finds `node` by the path. */
function run(command: string, surroundings: Pick<SpawnOptions, 'cwd' | 'env' | 'signal'>): Promise<void> {
  const app = spawn(command, { ...surroundings, shell: true, stdio: ['ignore', 'ignore', 'pipe'] });
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

function lastLines(printed: string): string {
  return printed
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at |^Node\.js v/.test(line))
    .slice(-LINES_OF_AN_ERROR)
    .join('\n');
}
