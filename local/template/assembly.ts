import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A CloudFormation resource as it stands in a template. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A synthesized stack: what the CDK left in its output directory. */
export interface Assembly {
  readonly stackName: string;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Directory of the code that the deployment would upload under this S3 key. */
  codeDirectory(s3Key: string): string;
}

/** Attributes of a resource that say how it is deployed, not what it does. `Condition`, for one, would. */
const DEPLOYMENT_ATTRIBUTES = ['Type', 'Properties', 'DependsOn', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'];

interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
}

interface AssetManifest {
  readonly files: Record<
    string,
    {
      readonly source: { readonly path?: string };
      readonly destinations: Record<string, { readonly objectKey: string }>;
    }
  >;
}

/** Reads a `cdk.out` directory. Throws one sentence if it does not hold exactly one stack. */
export function readAssembly(outputDirectory: string): Assembly {
  const manifestFile = join(outputDirectory, 'manifest.json');
  if (!existsSync(manifestFile)) {
    throw new Error(`Expected a synthesized app in ${outputDirectory}, found no manifest.json: run \`npx cdk synth\`.`);
  }
  const { artifacts } = readJson<{ artifacts: Record<string, Artifact> }>(manifestFile);
  const [id, stack] = onlyStack(outputDirectory, artifacts);
  const template = readJson<{ Resources: Record<string, Record<string, unknown>> }>(
    join(outputDirectory, stack.properties?.templateFile ?? `${id}.template.json`),
  );
  const assets = readJson<AssetManifest>(join(outputDirectory, `${id}.assets.json`));

  return {
    stackName: stack.properties?.stackName ?? stack.displayName ?? id,
    resources: new Map(
      Object.entries(template.Resources).map(([logicalId, resource]) => [logicalId, toResource(logicalId, resource)]),
    ),
    codeDirectory(s3Key) {
      const asset = Object.values(assets.files).find((file) =>
        Object.values(file.destinations).some((destination) => destination.objectKey === s3Key),
      );
      if (asset?.source.path === undefined) {
        throw new Error(`Expected the asset ${s3Key} in ${id}.assets.json, found none: synthesize the app again.`);
      }
      return resolve(outputDirectory, asset.source.path);
    },
  };
}

function onlyStack(outputDirectory: string, artifacts: Record<string, Artifact>): [string, Artifact] {
  const stacks = Object.entries(artifacts).filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new Error(`Expected one stack in ${outputDirectory}, got ${stacks.length}: the embedded engine runs one.`);
  }
  return stack;
}

function toResource(logicalId: string, resource: Record<string, unknown>): Resource {
  const unknown = Object.keys(resource).find((attribute) => !DEPLOYMENT_ATTRIBUTES.includes(attribute));
  if (unknown !== undefined) {
    throw new Error(`The embedded engine does not implement ${unknown} of the resource ${logicalId}: leave it out.`);
  }
  return {
    logicalId,
    type: String(resource.Type),
    properties: (resource.Properties ?? {}) as Record<string, unknown>,
  };
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
