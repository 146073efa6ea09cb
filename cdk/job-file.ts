import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import type { BuildFailure, Message } from 'esbuild';
import type { Job } from '../functions/contract/job';
import * as door from '../functions/index';
import { makerOf } from '../functions/jobs/define-job';
import { InvalidJob } from '../functions/jobs/invalid-job';
import { builtFiles } from './build-cache';
import { UnexpectedValue } from './validation';

/** The file of a job, and what the construct must know of the job itself. */
export interface JobFile {
  /** Absolute. */
  readonly path: string;
  readonly job: Pick<Job, 'name' | 'source' | 'load' | 'providers' | 'mail' | 'warmUp'>;
}

const loaded = new Map<string, JobFile>();

/**
 * Reads the job that a file exports by default. The file is compiled in memory and evaluated in this process, with the
 * packages that it imports: so importing a job must not need what only its function has.
 *
 * @param file relative to the directory in which the app runs, or absolute
 * @throws UnexpectedValue where the file is missing, does not compile, does not load or exports no job
 */
export function loadJob(file: string): JobFile {
  const path = resolve(file);
  const earlier = loaded.get(path);
  if (earlier) return earlier;
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new UnexpectedValue(
      `Expected \`job\` to be a file such as jobs/hello.ts, got ${JSON.stringify(file)}, which is no file: name it relative to ${process.cwd()}, where the app runs.`,
    );
  }
  const job = defaultExport(load(file, path));
  const maker = makerOf(job);
  if (maker === 'another copy') {
    throw new UnexpectedValue(
      `Expected the job of ${file} to be defined with the copy of worker-chains that its construct comes from, got one of another copy: install the package once, as \`npm ls worker-chains\` tells.`,
    );
  }
  if (maker === undefined) {
    throw new UnexpectedValue(
      `Expected ${file} to export a job by default, got ${kindOf(job)}: write \`export default defineJob({ … })\`.`,
    );
  }
  const jobFile = { path, job: job as Job };
  loaded.set(path, jobFile);
  return jobFile;
}

/**
 * Codes of what Node.js throws for a package that cannot be required from the file's directory, or not by this version.
 */
const NOT_TO_BE_REQUIRED = ['MODULE_NOT_FOUND', 'ERR_REQUIRE_ESM', 'ERR_UNKNOWN_FILE_EXTENSION'];

function load(file: string, path: string): unknown {
  try {
    return evaluate(path, compile(file, path, 'external'));
  } catch (error) {
    if (!NOT_TO_BE_REQUIRED.includes(String((error as NodeJS.ErrnoException | null | undefined)?.code))) {
      throw notLoaded(file, error);
    }
  }
  // Slower by what the packages weigh, and how the functions get them.
  const code = compile(file, path, 'bundle');
  try {
    return evaluate(path, code);
  } catch (error) {
    throw notLoaded(file, error);
  }
}

function notLoaded(file: string, error: unknown): UnexpectedValue {
  if (error instanceof UnexpectedValue) return error;
  if (error instanceof InvalidJob) return new UnexpectedValue(`${file}: ${error.message}`, { cause: error });
  return new UnexpectedValue(
    `Expected the job ${file} to load, got ${JSON.stringify(String(error))}: correct it, and read what only the function has – variables, services – when the job runs.`,
    { cause: error },
  );
}

function compile(file: string, path: string, packages: 'external' | 'bundle'): string {
  try {
    const [built] = builtFiles({
      entryPoints: [path],
      bundle: true,
      packages,
      // By its alias in a project's tsconfig.json it would be no package.
      external: ['worker-chains'],
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'silent',
    });
    return Buffer.from(built?.contents ?? []).toString('utf8');
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (!first) throw error;
    throw new UnexpectedValue(`Expected the job ${file} to compile, got ${said(first)}: correct it.`, { cause: error });
  }
}

function said({ text, location }: Message): string {
  return location ? `"${text}" at ${location.file}:${location.line}:${location.column + 1}` : `"${text}"`;
}

function evaluate(path: string, code: string): unknown {
  const requireOfFile = createRequire(path);
  const module = { exports: {} };
  const run = compileFunction(code, ['module', 'exports', 'require', '__filename', '__dirname'], { filename: path });
  const requireFor = (id: string) => (id === 'worker-chains' ? door : requireOfFile(id));
  run(module, module.exports, requireFor, path, dirname(path));
  return module.exports;
}

function defaultExport(exported: unknown): unknown {
  return (exported as { readonly default?: unknown } | null | undefined)?.default;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`;
}
