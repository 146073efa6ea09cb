import type { Resource } from './assembly';
import type { References } from './references';

export const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';
export const FUNCTION = 'AWS::Lambda::Function';
export const INVOKE_CONFIG = 'AWS::Lambda::EventInvokeConfig';
export const TABLE = 'AWS::DynamoDB::Table';
export const BUCKET = 'AWS::S3::Bucket';
export const RULE = 'AWS::Events::Rule';
const EVENT_SOURCE = 'AWS::Lambda::EventSourceMapping';
/** The CDK's own: it tells a bucket whom to notify. */
const BUCKET_NOTIFICATIONS = 'Custom::S3BucketNotifications';

/** Resources that run here once something that runs refers to them. */
const SERVED = [STATE_MACHINE, FUNCTION, TABLE, BUCKET];
/** Resources that configure or feed a function, with the property that says which. */
const CONCERNING_A_FUNCTION: Readonly<Record<string, string>> = {
  [INVOKE_CONFIG]: 'FunctionName',
  [EVENT_SOURCE]: 'FunctionName',
  [BUCKET_NOTIFICATIONS]: 'NotificationConfiguration',
};

/** Properties by which a resource reaches others. A permission is not among them: it says what may be, not what is. */
const REACHING: Readonly<Record<string, readonly string[]>> = {
  [STATE_MACHINE]: ['DefinitionString', 'DefinitionSubstitutions'],
  [FUNCTION]: ['Environment'],
  [INVOKE_CONFIG]: ['DestinationConfig'],
};

/** The roots, whatever served resources they lead to from one to the next, and what configures or feeds these. */
export function reach(
  roots: readonly Resource[],
  resources: readonly Resource[],
  references: References,
): ReadonlySet<Resource> {
  const reached = new Set(roots);
  // What is added on the way is visited, too.
  for (const resource of reached) {
    for (const property of REACHING[resource.type] ?? []) {
      const others = references.of(resource.properties[property], resource.stackName);
      for (const other of others) if (SERVED.includes(other.type)) reached.add(other);
    }
    if (resource.type !== FUNCTION) continue;
    for (const other of resources) if (concerns(other, resource, references)) reached.add(other);
  }
  return reached;
}

/** Whether a resource configures or feeds this function. */
export function concerns(resource: Resource, fn: Resource, references: References): boolean {
  const property = CONCERNING_A_FUNCTION[resource.type];
  if (property === undefined) return false;
  return references.of({ of: resource.properties[property] }, resource.stackName).includes(fn);
}
