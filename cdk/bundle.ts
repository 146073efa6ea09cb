import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { buildSync, type OutputFile } from 'esbuild';
import { DOOR_FILE, FUNCTIONS_DIRECTORY, type Handler, handlerFile } from './package-files';

/** The handlers in which a job's code runs, or that ask it something. */
const HANDLERS_OF_A_JOB: readonly Handler[] = ['create-workers', 'run-chain', 'reconcile-run'];

/**
 * Where the SDK looks for credentials when the environment has none; Lambda always puts them there. Each is imported
 * lazily, so in a bundle without it nothing is missed, and more than 100 kB are saved.
 */
const CREDENTIALS_OUTSIDE_LAMBDA = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

export interface BundleProps {
  /** Absolute path of the file that exports the job. */
  readonly jobPath: string;
  readonly sourceMap: boolean;
}

/**
 * Bundles a handler into a single ES module, `index.mjs`, with its job and what a Lambda function needs of the AWS SDK.
 * The bundle of a handler without a job is the same for every job. Why not `NodejsFunction`:
 * docs/decisions/0001-bundle-in-process.md.
 */
export function bundledHandler(handler: Handler, { jobPath, sourceMap }: BundleProps): lambda.Code {
  const build: Build = HANDLERS_OF_A_JOB.includes(handler)
    ? { handlers: HANDLERS_OF_A_JOB, jobPath, sourceMap }
    : { handlers: [handler], sourceMap };
  return lambda.Code.fromAsset(FUNCTIONS_DIRECTORY, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: bundling happens in this process or fails. The command only tells the assets apart, which share a
      // directory: the staging cache compares it, and cannot compare functions.
      image: DockerImage.fromRegistry('not-used'),
      command: [handler, JSON.stringify(build)],
      local: {
        tryBundle(outputDirectory) {
          writeBundle(handler, outputDirectory, build);
          return true;
        },
      },
    },
  });
}

/** Handlers that are bundled together: what they share, the SDK above all, is parsed once instead of once for each. */
interface Build {
  readonly handlers: readonly Handler[];
  /** Absolute. Absent for handlers without a job. */
  readonly jobPath?: string;
  readonly sourceMap: boolean;
}

function writeBundle(handler: Handler, outputDirectory: string, build: Build): void {
  mkdirSync(outputDirectory, { recursive: true });
  for (const { path, contents } of bundle(build)) {
    const file = basename(path);
    if (join(FUNCTIONS_DIRECTORY, handler, file) === path) writeFileSync(join(outputDirectory, file), contents);
  }
}

/** `functions/jobs/find-job.ts` imports the one, the job the other: handlers and job have one `Refusal`, one `skip`. */
function aliasesFor({ jobPath }: Build): Record<string, string> {
  return jobPath === undefined ? {} : { '#job': jobPath, 'worker-chains': DOOR_FILE };
}

/** Of the app that runs in this process, by `Build`. */
const builds = new Map<string, readonly OutputFile[]>();

function bundle(build: Build): readonly OutputFile[] {
  const key = JSON.stringify(build);
  const earlier = builds.get(key);
  if (earlier !== undefined) return earlier;
  const { outputFiles } = buildSync({
    entryPoints: build.handlers.map((handler) => ({ in: handlerFile(handler), out: join(handler, 'index') })),
    alias: aliasesFor(build),
    // Only tells the handlers' files apart: they stay in memory.
    outdir: FUNCTIONS_DIRECTORY,
    write: false,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    external: CREDENTIALS_OUTSIDE_LAMBDA,
    platform: 'node',
    format: 'esm',
    // The embedded engine loads the same bundle, and this project supports Node 20.
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: build.sourceMap,
    legalComments: 'none',
    logLevel: 'warning',
  });
  builds.set(key, outputFiles);
  return outputFiles;
}
