import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { buildSync, type OutputFile } from 'esbuild';

const FUNCTIONS_DIRECTORY = join(__dirname, '..', 'functions');

/** The handlers of `functions/`, by file name. */
const HANDLERS = ['create-workers', 'run-chain', 'fail-chain', 'reconcile-run'] as const;

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

export type Handler = (typeof HANDLERS)[number];

/**
 * Bundles a handler into a single ES module, `index.mjs`, with what a Lambda function needs of the AWS SDK.
 * Why not `NodejsFunction`: docs/decisions/0001-bundle-in-process.md.
 */
export function bundledHandler(handler: Handler, options: { readonly sourceMap: boolean }): lambda.Code {
  return lambda.Code.fromAsset(FUNCTIONS_DIRECTORY, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: bundling happens in this process or fails. The command only tells the assets of the four
      // handlers apart, which share a directory: the staging cache compares it, and cannot compare functions.
      image: DockerImage.fromRegistry('not-used'),
      command: [handler, `sourceMap=${options.sourceMap}`],
      local: {
        tryBundle(outputDirectory) {
          writeBundle(handler, outputDirectory, options.sourceMap);
          return true;
        },
      },
    },
  });
}

function writeBundle(handler: Handler, outputDirectory: string, sourceMap: boolean): void {
  mkdirSync(outputDirectory, { recursive: true });
  for (const { path, contents } of bundleAll(sourceMap)) {
    const file = basename(path);
    if (join(FUNCTIONS_DIRECTORY, handler, file) === path) writeFileSync(join(outputDirectory, file), contents);
  }
}

const builds = new Map<boolean, readonly OutputFile[]>();

/** One build for all handlers: what they share, the SDK above all, is parsed once instead of four times. */
function bundleAll(sourceMap: boolean): readonly OutputFile[] {
  const earlier = builds.get(sourceMap);
  if (earlier !== undefined) return earlier;
  const { outputFiles } = buildSync({
    entryPoints: HANDLERS.map((handler) => ({
      in: join(FUNCTIONS_DIRECTORY, `${handler}.ts`),
      out: join(handler, 'index'),
    })),
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
    sourcemap: sourceMap,
    legalComments: 'none',
    logLevel: 'warning',
  });
  builds.set(sourceMap, outputFiles);
  return outputFiles;
}
