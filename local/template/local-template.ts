import type { FunctionConfig } from '../lambda/runtime';
import { type Assembly, type Resource, readAssembly } from './assembly';
import { Intrinsics } from './intrinsics';
import { refuseUnknown } from './properties';
import { readFunctions, readRule, readStateMachine, readTable } from './resources';
import type { RuleInput } from './rule-input';

export { synthesize } from './synthesize';

/** What the embedded engine runs: everything that it needs to know of the synthesized stack. */
export interface LocalTemplate {
  readonly functions: readonly FunctionConfig[];
  readonly stateMachine: StateMachineConfig;
  readonly tables: readonly TableConfig[];
  readonly rule: RuleConfig;
}

export interface StateMachineConfig {
  readonly name: string;
  readonly arn: string;
  /** Amazon States Language, JSON, after substitutions. */
  readonly definition: string;
  readonly roleArn: string;
}

export interface TableConfig {
  readonly tableName: string;
  readonly logicalId: string;
  readonly hashKey: KeyConfig;
  readonly rangeKey?: KeyConfig;
  readonly ttlAttribute?: string;
  readonly billing: 'PAY_PER_REQUEST';
}

export interface KeyConfig {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface RuleConfig {
  readonly name: string;
  /** `cron(…)` or `rate(…)`. */
  readonly schedule: string;
  readonly enabled: boolean;
  /** Input of the execution that the schedule starts at `time`. */
  readonly input: RuleInput;
}

export interface TemplateOptions {
  /** @default - 'us-east-1' */
  readonly region?: string;
  /** @default - '123456789012' */
  readonly accountId?: string;
}

/**
 * Reads a `cdk.out` directory. Unnamed resources get the name `<stack>-<logical id>`.
 *
 * @throws one sentence for the first resource, property or intrinsic function that the embedded engine does not
 *   implement: nothing that would change behaviour is passed over in silence
 */
export function readTemplate(outputDirectory: string, options: TemplateOptions = {}): LocalTemplate {
  const { region = 'us-east-1', accountId = '123456789012' } = options;
  const assembly = readAssembly(outputDirectory);
  const intrinsics = new Intrinsics(assembly.resources, { region, accountId, stackName: assembly.stackName });
  for (const resource of assembly.resources.values()) refuseUnknown(resource);

  const stateMachine = readStateMachine(only(assembly, 'AWS::StepFunctions::StateMachine'), intrinsics);
  return {
    functions: readFunctions(assembly, intrinsics),
    stateMachine,
    tables: ofType(assembly, 'AWS::DynamoDB::Table').map((table) => readTable(table, intrinsics)),
    rule: readRule(only(assembly, 'AWS::Events::Rule'), intrinsics, { region, accountId }, stateMachine.arn),
  };
}

function ofType(assembly: Assembly, type: string): Resource[] {
  return [...assembly.resources.values()].filter((resource) => resource.type === type);
}

function only(assembly: Assembly, type: string): Resource {
  const [resource, ...others] = ofType(assembly, type);
  if (resource === undefined || others.length > 0) {
    throw new Error(
      `Expected one ${type} in the stack ${assembly.stackName}, got ${others.length + (resource ? 1 : 0)}: the embedded engine runs one job.`,
    );
  }
  return resource;
}
