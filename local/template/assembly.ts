import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A CloudFormation resource as it stands in a template. */
export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Attributes beside type and properties that say what the resource does: `Condition`, for one. */
  readonly otherAttributes: readonly string[];
  /**
   * Where the construct stands in the app: `Stack/WeeklyDigest/Runs`. @default - the app was synthesized without paths
   */
  readonly constructPath?: string;
}

/** A synthesized stack: what the CDK left of it in its output directory. */
export interface Stack {
  readonly name: string;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Names of the parameters that a deployment may set. */
  readonly parameters: readonly string[];
  /** What other stacks may import, by the name of the export: values with intrinsic functions of this stack. */
  readonly exports: ReadonlyMap<string, unknown>;
  /**
   * Directory of the code that the deployment would upload under this S3 key.
   *
   * @throws Error where no asset has the key
   */
  codeDirectory(s3Key: string): string;
}

/** Attributes of a resource that say how it is deployed, not what it does. */
const DEPLOYMENT_ATTRIBUTES = ['Type', 'Properties', 'DependsOn', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'];

interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
}

interface Template {
  readonly Resources?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
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

/**
 * Reads the stacks of a `cdk.out` directory, those of its stages among them.
 *
 * @throws Error where there is no app in the directory, or two stacks have one name
 */
export function readAssembly(outputDirectory: string): readonly Stack[] {
  const stacks = readStacks(outputDirectory);
  const twice = stacks.find(({ name }, index) => stacks.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) {
    throw new Error(
      `Expected the stacks of the app to have different names, got two named ${twice.name}: the embedded engine is one account in one region, so set \`stackName\` of one.`,
    );
  }
  return stacks;
}

function readStacks(directory: string): readonly Stack[] {
  const manifestFile = join(directory, 'manifest.json');
  if (!existsSync(manifestFile)) {
    throw new Error(`Expected a synthesized app in ${directory}, found no manifest.json: run \`npx cdk synth\`.`);
  }
  const { artifacts = {} } = readJson<{ artifacts?: Record<string, Artifact> }>(manifestFile);
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (artifact.type === 'aws:cloudformation:stack') return [readStack(directory, id, artifact)];
    if (artifact.type === 'cdk:cloud-assembly')
      return readStacks(join(directory, artifact.properties?.directoryName ?? id));
    return [];
  });
}

function readStack(directory: string, id: string, { displayName, properties = {} }: Artifact): Stack {
  const name = properties.stackName ?? displayName ?? id;
  const template = readJson<Template>(join(directory, properties.templateFile ?? `${id}.template.json`));
  const exported = Object.values(template.Outputs ?? {}).filter((output) => output.Export !== undefined);
  return {
    name,
    resources: new Map(
      Object.entries(template.Resources ?? {}).map(([logicalId, resource]) => [
        logicalId,
        toResource(name, logicalId, resource),
      ]),
    ),
    parameters: Object.keys(template.Parameters ?? {}),
    exports: new Map(exported.map(({ Value, Export }) => [String(Export?.Name), Value])),
    codeDirectory: (s3Key) => codeDirectory(directory, `${id}.assets.json`, s3Key),
  };
}

function codeDirectory(directory: string, manifest: string, s3Key: string): string {
  const { files } = readJson<AssetManifest>(join(directory, manifest));
  const asset = Object.values(files).find((file) =>
    Object.values(file.destinations).some((destination) => destination.objectKey === s3Key),
  );
  if (asset?.source.path === undefined) {
    throw new Error(`Expected the asset ${s3Key} in ${manifest}, found none: synthesize the app again.`);
  }
  return resolve(directory, asset.source.path);
}

function toResource(stackName: string, logicalId: string, resource: Readonly<Record<string, unknown>>): Resource {
  const constructPath = (resource.Metadata as Record<string, unknown> | undefined)?.['aws:cdk:path'];
  return {
    stackName,
    logicalId,
    type: String(resource.Type),
    properties: (resource.Properties ?? {}) as Record<string, unknown>,
    otherAttributes: Object.keys(resource).filter((attribute) => !DEPLOYMENT_ATTRIBUTES.includes(attribute)),
    ...(typeof constructPath === 'string' && { constructPath }),
  };
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
