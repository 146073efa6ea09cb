import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { type BuiltFile, builtFiles } from './build-cache';
import { HANDLERS, type Handler } from './handlers';
import { DOOR_FILE, FUNCTIONS_DIRECTORY, handlerFile } from './package-files';

/** The handlers that do not import the job: their bundles are the same for all jobs. */
const WITHOUT_JOB: ReadonlySet<Handler> = new Set<Handler>([
  'fail-chain',
  'handle-feedback',
  'notify-run',
  'show-runs',
  'stop-runs',
  'unsubscribe',
]);

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
 * Why not `NodejsFunction`: docs/decisions/0001-bundle-in-process.md.
 */
export function bundledHandler(handler: Handler, props: BundleProps): lambda.Code {
  return lambda.Code.fromAsset(FUNCTIONS_DIRECTORY, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: bundling happens in this process or fails. The command only tells the assets apart, which share a
      // directory: the staging cache compares it, and cannot compare functions.
      image: DockerImage.fromRegistry('not-used'),
      command: [bundleName(handler, props)],
      local: {
        tryBundle(outputDirectory) {
          mkdirSync(outputDirectory, { recursive: true });
          for (const { path, contents } of bundleOf(handler, props)) {
            writeFileSync(join(outputDirectory, basename(path)), contents);
          }
          return true;
        },
      },
    },
  });
}

/** What sets a bundle apart from all others of the app. */
function bundleName(handler: Handler, { jobPath, sourceMap }: BundleProps): string {
  return JSON.stringify([handler, WITHOUT_JOB.has(handler) ? 'any job' : jobPath, sourceMap]);
}

/** Bundles of this process by `bundleName`: the file, and its source map if there is one. */
const bundles = new Map<string, readonly BuiltFile[]>();

/** One build for all handlers of a job: what they share, the SDK above all, is parsed once instead of once for each. */
function bundleOf(handler: Handler, props: BundleProps): readonly BuiltFile[] {
  const name = bundleName(handler, props);
  if (!bundles.has(name)) {
    const missing = HANDLERS.filter((one) => !bundles.has(bundleName(one, props)));
    const files = build(missing, props);
    for (const one of missing) {
      const directory = join(FUNCTIONS_DIRECTORY, one);
      bundles.set(
        bundleName(one, props),
        files.filter(({ path }) => dirname(path) === directory),
      );
    }
  }
  return bundles.get(name) as readonly BuiltFile[];
}

function build(handlers: readonly Handler[], { jobPath, sourceMap }: BundleProps): readonly BuiltFile[] {
  return builtFiles({
    entryPoints: handlers.map((handler) => ({ in: handlerFile(handler), out: join(handler, 'index') })),
    // `functions/jobs/find-job.ts` imports the one, the job the other: handlers and job have one `Refusal`, one `skip`.
    alias: { '#job': jobPath, 'worker-chains': DOOR_FILE },
    // Only tells the handlers' files apart: they stay in memory.
    outdir: FUNCTIONS_DIRECTORY,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    external: CREDENTIALS_OUTSIDE_LAMBDA,
    platform: 'node',
    format: 'esm',
    // The embedded engine loads the same bundle, and this project supports Node 20.
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: sourceMap,
    legalComments: 'none',
    logLevel: 'warning',
  });
}
