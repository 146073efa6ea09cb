import { createHash } from 'node:crypto';
import { bucketNameFor } from '../s3/bucket-name';
import type { Resource, Stack } from './assembly';

/** Where the stack would be deployed. */
export interface Surroundings {
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
}

interface Kind {
  /** Property that holds the name, if the template gives one. */
  readonly nameProperty: string;
  /** The name where the template gives none. @default - `<stack>-<logical id>` */
  readonly generatedName?: (name: string) => string;
  /** What follows `arn:aws:` for a resource of this name. */
  readonly arn: (name: string, at: Surroundings) => string;
  /** What `Ref` means; a queue's URL is known once it is served, and no value of a template can have it. */
  readonly ref: 'name' | 'arn' | 'url';
  /** Attribute of `Fn::GetAtt` that means the name. */
  readonly nameAttribute?: string;
  /** Other attributes of `Fn::GetAtt`, by the name. */
  readonly attributes?: Readonly<Record<string, (name: string, at: Surroundings) => string>>;
}

const local = (service: string, path: string, { region, accountId }: Surroundings) =>
  `${service}:${region}:${accountId}:${path}`;

/** Resources that the properties in use refer to. */
const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    arn: (name, at) => local('lambda', `function:${name}`, at),
    ref: 'name',
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    arn: (name, at) => local('states', `stateMachine:${name}`, at),
    ref: 'arn',
    nameAttribute: 'Name',
  },
  'AWS::DynamoDB::Table': {
    nameProperty: 'TableName',
    arn: (name, at) => local('dynamodb', `table/${name}`, at),
    ref: 'name',
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    generatedName: bucketNameFor,
    arn: (name) => `s3:::${name}`,
    ref: 'name',
  },
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    arn: (name, at) => local('events', `rule/${name}`, at),
    ref: 'name',
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    arn: (name, { region, accountId }) => `sqs:${region}:${accountId}:${name}`,
    ref: 'url',
    nameAttribute: 'QueueName',
  },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    arn: (name, at) => local('sns', name, at),
    ref: 'arn',
    nameAttribute: 'TopicName',
  },
  'AWS::SES::ConfigurationSet': {
    nameProperty: 'Name',
    // SES takes 64 characters; the end of a logical id is what tells it from others.
    generatedName: (name) => name.slice(-64),
    arn: (name, at) => local('ses', `configuration-set/${name}`, at),
    ref: 'name',
  },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    // AWS adds six characters that nobody knows beforehand.
    arn: (name, at) => `secretsmanager:${at.region}:${at.accountId}:secret:${name}-local0`,
    ref: 'arn',
  },
  // Its name is the part of the host name that is its own.
  'AWS::Lambda::Url': {
    nameProperty: 'Name',
    generatedName: (name) => createHash('sha256').update(name).digest('hex').slice(0, 32),
    arn: (name, at) => local('lambda', `function-url:${name}`, at),
    ref: 'name',
    attributes: { FunctionUrl: (name, { region }) => `https://${name}.lambda-url.${region}.on.aws/` },
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    arn: (name, at) => `${local('logs', `log-group:${name}`, at)}:*`,
    ref: 'name',
  },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    arn: (name, { accountId }) => `iam::${accountId}:role/${name}`,
    ref: 'name',
  },
};

/**
 * Resolves the intrinsic functions that the CDK writes for the resources in use, and refuses every other one by name.
 */
export class Intrinsics {
  /** @param imported the value of another stack's export; `where` names who imports it in errors */
  constructor(
    private readonly stack: Stack,
    private readonly at: Surroundings,
    private readonly imported: (exportName: string, where: string) => string,
  ) {}

  /** The name that the resource has, or would be given: `<stack>-<logical id>`. */
  nameOf(resource: Resource): string {
    const { nameProperty, generatedName = (name) => name } = this.kindOf(resource);
    const given = resource.properties[nameProperty];
    if (given === undefined) return generatedName(`${this.at.stackName}-${resource.logicalId}`);
    return this.text(given, `the name of ${resource.logicalId}`);
  }

  arnOf(resource: Resource): string {
    return `arn:aws:${this.kindOf(resource).arn(this.nameOf(resource), this.at)}`;
  }

  /** `value` with every intrinsic function in it replaced. `where` names it in errors. */
  resolve(value: unknown, where: string): unknown {
    if (Array.isArray(value)) return value.map((element) => this.resolve(element, where));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))) {
      return this.call(name, argument, where);
    }
    return Object.fromEntries(entries.map(([key, inner]) => [key, this.resolve(inner, where)]));
  }

  /**
   * `resolve`, for what must come out as text.
   *
   * @throws Error where it comes out as something else
   */
  text(value: unknown, where: string): string {
    const resolved = this.resolve(value, where);
    if (typeof resolved !== 'string') {
      throw new Error(`Expected ${where} to be text, got ${JSON.stringify(resolved)}.`);
    }
    return resolved;
  }

  private call(name: string, argument: unknown, where: string): unknown {
    if (name === 'Ref') return this.ref(String(argument), where);
    if (name === 'Fn::GetAtt') return this.attribute(argument, where);
    if (name === 'Fn::Join' && Array.isArray(argument)) {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => this.text(part, where)).join(separator);
    }
    if (name === 'Fn::Sub' && typeof argument === 'string') {
      return argument.replaceAll(/\$\{([^}!]+)\}/g, (_, reference: string) =>
        reference.includes('.') && !reference.startsWith('AWS::')
          ? this.attribute(reference.split('.'), where)
          : this.ref(reference, where),
      );
    }
    if (name === 'Fn::ImportValue') return this.imported(this.text(argument, where), where);
    throw new Error(`The embedded engine does not implement ${name} as used in ${where}: write the value without it.`);
  }

  private ref(target: string, where: string): string {
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::Region': this.at.region,
      'AWS::AccountId': this.at.accountId,
      'AWS::StackName': this.at.stackName,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
    };
    const value = pseudo[target];
    if (value !== undefined) return value;
    const resource = this.resourceAt(target, where);
    const { ref } = this.kindOf(resource, where);
    if (ref === 'url') {
      throw new Error(
        `The embedded engine does not know the URL of ${resource.logicalId} before it serves, and ${where} has it: name the queue instead, and ask GetQueueUrl.`,
      );
    }
    return ref === 'arn' ? this.arnOf(resource) : this.nameOf(resource);
  }

  private attribute(argument: unknown, where: string): string {
    const [target, attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    const resource = this.resourceAt(target ?? '', where);
    const { nameAttribute, attributes = {} } = this.kindOf(resource, where);
    if (attribute === 'Arn') return this.arnOf(resource);
    if (attribute !== undefined && attribute === nameAttribute) return this.nameOf(resource);
    const other = attribute !== undefined && Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
    if (other) return other(this.nameOf(resource), this.at);
    throw new Error(`The embedded engine does not know the attribute ${attribute} of ${target}, used in ${where}.`);
  }

  private resourceAt(logicalId: string, where: string): Resource {
    const resource = this.stack.resources.get(logicalId);
    if (resource === undefined && this.stack.parameters.includes(logicalId)) {
      throw new Error(
        `The embedded engine does not implement parameters, and ${where} refers to ${logicalId}: write its value into the app.`,
      );
    }
    if (resource === undefined) {
      throw new Error(`Expected ${where} to refer to a resource of the template, got \`${logicalId}\`.`);
    }
    return resource;
  }

  private kindOf(resource: Resource, where = resource.logicalId): Kind {
    const kind = KINDS[resource.type];
    if (kind === undefined) {
      throw new Error(
        `The embedded engine has no ${resource.type} (${resource.logicalId}), to which ${where} refers: leave it out of an app that is to run here.`,
      );
    }
    return kind;
  }
}
