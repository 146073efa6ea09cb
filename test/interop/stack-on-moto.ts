import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { sharedAssembly } from '../support/shared-assembly';
import { Moto } from './moto';

/** Types of the template that moto's CloudFormation does not deploy. Who needs one makes it by the service's own API. */
const NOT_DEPLOYED: ReadonlySet<string> = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Url',
  'AWS::SecretsManager::Secret',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);
const STACK = 'WorkerChains';
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
/** Where `cdk bootstrap` lets assets be. */
const ASSETS = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

/** An account of moto in which moto's own CloudFormation has deployed this repository's app. */
export class StackOnMoto {
  static async deploy(): Promise<StackOnMoto> {
    const moto = await Moto.plain();
    const settings = {
      endpoint: moto.endpoint,
      region: REGION,
      credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
    };
    const assembly = await sharedAssembly();
    const text = readFileSync(join(assembly, `${STACK}.template.json`), 'utf8');
    const { Resources } = JSON.parse(text) as { readonly Resources: Readonly<Record<string, TemplateResource>> };
    const stack = new StackOnMoto(moto, settings, Resources);
    await stack.upload();
    await stack.create();
    return stack;
  }

  /** By logical id, of what was deployed. */
  private readonly physicalIds = new Map<string, string>();

  private constructor(
    private readonly moto: Moto,
    /** Of an SDK's client in this account. */
    readonly settings: {
      readonly endpoint: string;
      readonly region: string;
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    },
    private readonly resources: Readonly<Record<string, TemplateResource>>,
  ) {}

  close(): void {
    this.moto.close();
  }

  /** The properties of each resource of a type, with what they refer to in this account. */
  propertiesOf(type: string): readonly Readonly<Record<string, unknown>>[] {
    return this.idsOf(type).map((id) => this.resolved(this.resources[id]?.Properties ?? {}) as Record<string, unknown>);
  }

  /** What the `Ref` of the only resource of a type whose logical id contains that is. */
  physicalId(type: string, part = ''): string {
    const ids = this.idsOf(type).filter((id) => id.includes(part));
    if (ids.length !== 1) throw new Error(`Expected one ${type} called ${part}, got ${ids.join(', ') || 'none'}.`);
    return this.reference(ids[0] as string);
  }

  private idsOf(type: string): readonly string[] {
    return Object.keys(this.resources).filter((id) => this.resources[id]?.Type === type);
  }

  /** Nobody invokes the functions: their code may be anything. */
  private async upload(): Promise<void> {
    const s3 = new S3Client({ ...this.settings, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: ASSETS }));
    const keys = new Set(JSON.stringify(this.resources).match(/[0-9a-f]{64}\.zip/g));
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: ASSETS, Key, Body: 'code' }));
    await s3.send(new PutObjectCommand({ Bucket: ASSETS, Key: 'template.json', Body: this.deployable() }));
    s3.destroy();
  }

  /** The template without the types that are not deployed, and without the parameter by which CDK checks its bootstrap. */
  private deployable(): string {
    const deployed = Object.entries(this.resources).filter(([id]) => !this.isAbsent(id));
    const withReferences = deployed.map(([id, { DependsOn = [], ...resource }]) => {
      const there = [DependsOn].flat().filter((other) => !this.isAbsent(other));
      return [id, { ...(this.withoutAbsent(resource) as object), DependsOn: there }];
    });
    return JSON.stringify({ Resources: Object.fromEntries(withReferences) });
  }

  private async create(): Promise<void> {
    const cloudFormation = new CloudFormationClient(this.settings);
    await cloudFormation.send(
      new CreateStackCommand({
        StackName: STACK,
        TemplateURL: `https://s3.amazonaws.com/${ASSETS}/template.json`,
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
    const [{ StackStatus, StackStatusReason } = {}] = Stacks;
    if (StackStatus !== 'CREATE_COMPLETE') {
      throw new Error(`Expected moto to deploy the stack, got ${StackStatus}: ${StackStatusReason ?? 'no reason'}.`);
    }
    const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: STACK }));
    for (const { LogicalResourceId = '', PhysicalResourceId = '' } of StackResources) {
      this.physicalIds.set(LogicalResourceId, PhysicalResourceId);
    }
    cloudFormation.destroy();
  }

  /** References to what is not deployed become what they would be on AWS; moto's CloudFormation refuses them. */
  private withoutAbsent(value: unknown): unknown {
    return mapped(value, (key, operand) => {
      if (key === 'Ref' && this.isAbsent(operand as string)) return this.reference(operand as string);
      if (key === 'Fn::GetAtt' && this.isAbsent((operand as readonly [string])[0])) return 'https://url.example/';
      return undefined;
    });
  }

  private isAbsent(id: string): boolean {
    return NOT_DEPLOYED.has(this.resources[id]?.Type ?? '');
  }

  private resolved(value: unknown): unknown {
    return mapped(value, (key, operand) => {
      if (key === 'Ref') return this.reference(operand as string);
      if (key === 'Fn::GetAtt') return this.attribute(...(operand as readonly [string, string]));
      return undefined;
    });
  }

  private reference(id: string): string {
    const type = this.resources[id]?.Type;
    if (type === 'AWS::SecretsManager::Secret') return `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${id}`;
    return this.physicalIds.get(id) ?? id;
  }

  private attribute(id: string, name: string): string {
    const physicalId = this.reference(id);
    // The physical id of a queue is its address.
    const last = physicalId.slice(physicalId.lastIndexOf('/') + 1);
    const service = this.resources[id]?.Type === 'AWS::Lambda::Function' ? 'lambda' : 'sqs';
    if (name === 'QueueName') return last;
    return service === 'lambda'
      ? `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${physicalId}`
      : `arn:aws:sqs:${REGION}:${ACCOUNT}:${last}`;
  }
}

/** The value, with every `{ key: operand }` in it as `change` has it; undefined leaves it as it is. */
function mapped(value: unknown, change: (key: string, operand: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapped(each, change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  const changed = entries.length === 1 && only !== undefined ? change(...only) : undefined;
  return changed ?? Object.fromEntries(entries.map(([key, operand]) => [key, mapped(operand, change)]));
}
