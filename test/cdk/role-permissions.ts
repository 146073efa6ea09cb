import type { Template } from 'aws-cdk-lib/assertions';

/** What is allowed, or denied: to what, under which condition, which actions, as `sqs: DeleteMessage ReceiveMessage`. */
export type Permissions = Readonly<Record<string, string>>;

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of properties is each type's own.
  readonly Properties: Record<string, any>;
}

/**
 * Everything that a template permits: per role, what its policies say; per resource with a policy of its own, what that says;
 * per function, who may invoke it. Logical ids are written without the CDK's hashes.
 *
 * @throws Error where a role or a policy says something that this does not read, so that nothing can be permitted unseen
 */
export function permissionsIn(template: Template): Readonly<Record<string, Permissions>> {
  const resources = Object.entries(template.toJSON().Resources as Record<string, Resource>);
  const found: Record<string, Record<string, string[]>> = {};
  const add = (holder: string, statements: readonly Statement[]) => {
    found[holder] ??= {};
    for (const statement of statements) note(found[holder], statement);
  };
  for (const [id, { Type, Properties }] of resources) {
    switch (Type) {
      case 'AWS::IAM::Role':
        if (Properties.ManagedPolicyArns ?? Properties.Policies) {
          throw new Error(`Expected the role ${id} to be permitted things by policies of the template only.`);
        }
        add(`role ${unhashed(id)}`, Properties.AssumeRolePolicyDocument.Statement);
        break;
      case 'AWS::IAM::Policy':
        if (Properties.Users ?? Properties.Groups) throw new Error(`Expected the policy ${id} to be of roles only.`);
        for (const role of Properties.Roles) add(`role ${written(role)}`, Properties.PolicyDocument.Statement);
        break;
      case 'AWS::KMS::Key':
        add(`key ${unhashed(id)}`, Properties.KeyPolicy.Statement);
        break;
      case 'AWS::SQS::QueuePolicy':
        for (const queue of Properties.Queues) add(`queue ${written(queue)}`, Properties.PolicyDocument.Statement);
        break;
      case 'AWS::SNS::TopicPolicy':
        for (const topic of Properties.Topics) add(`topic ${written(topic)}`, Properties.PolicyDocument.Statement);
        break;
      case 'AWS::Lambda::Permission': {
        const { Action, FunctionName, Principal, ...conditions } = Properties;
        const Condition = Object.keys(conditions).length > 0 ? { of: conditions } : undefined;
        add(`function ${written(FunctionName)}`, [
          { ...{ Effect: 'Allow', Action, Principal: { Service: Principal } }, ...(Condition && { Condition }) },
        ]);
        break;
      }
      default:
        if (/Policy|::IAM::|Permission/.test(Type)) {
          throw new Error(`Expected no resource of the type ${Type}, got ${id}: let permissionsIn() read it.`);
        }
    }
  }
  return mapped(found, (statements) => mapped(statements, byService));
}

const mapped = <V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

function byService(actions: readonly string[]): string {
  const services = new Map<string, string[]>();
  for (const action of [...new Set(actions)].sort()) {
    const [service = '', name = ''] = action.split(':');
    services.set(service, [...(services.get(service) ?? []), name]);
  }
  return [...services].map(([service, names]) => `${service}: ${names.join(' ')}`).join('; ');
}

function note(permissions: Record<string, string[]>, statement: Statement): void {
  const { Effect, Action, Resource, Principal, Condition, ...others } = statement;
  // A `Sid` names a statement and permits nothing.
  const unread = Object.keys(others).filter((key) => key !== 'Sid');
  if (unread.length > 0) throw new Error(`Expected a statement without ${unread}: ${JSON.stringify(statement)}.`);
  const actions = [Action].flat();
  for (const resource of Resource === undefined ? [undefined] : [Resource].flat()) {
    const parts = [
      ...(Effect === 'Allow' ? [] : [Effect.toUpperCase()]),
      ...(resource === undefined ? [] : [written(resource)]),
      ...(Principal === undefined ? [] : [`by ${whoIs(Principal)}`]),
      ...(Condition === undefined ? [] : [`if ${conditionIn(Condition)}`]),
    ];
    const key = parts.join(' ');
    permissions[key] = [...(permissions[key] ?? []), ...actions];
  }
}

function whoIs(principal: unknown): string {
  if (typeof principal === 'string') return principal === '*' ? 'anybody' : principal;
  return Object.values(principal as Record<string, unknown>)
    .flat()
    .map((one) => (one === '*' ? 'anybody' : written(one)))
    .join(', ');
}

function conditionIn(condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string {
  return Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${key} ${operator} ${[values].flat().map(written).join(' | ')}`),
    )
    .join(' and ');
}

/** A value of a template: `LedgerTable`; `own states:execution:Runs:*` is an ARN of the stack's partition, region and account. */
const written = (value: unknown): string =>
  spelled(value).replace(/^arn:<Partition>:(\w+):<Region>:<AccountId>:/, 'own $1:');

function spelled(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return Ref.replace(/^AWS::(.*)$/, '<$1>').replace(/[0-9A-F]{8}$/, '');
  if (Array.isArray(attribute)) return unhashed(String(attribute[0]));
  if (Array.isArray(join)) return (join[1] as unknown[]).map(spelled).join(join[0] as string);
  throw new Error(`Expected a value that permissionsIn() reads, got ${JSON.stringify(value)}.`);
}

const unhashed = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');
