import type { RuleInput } from './rule-input';

/** What is run, as the template describes it; functions are described in `../lambda/runtime.ts`. */

export interface StateMachineConfig {
  readonly name: string;
  readonly arn: string;
  /** Where it stands in the app: `Stack/WeeklyDigest/Runs/StateMachine/Resource`, or stack and logical id. */
  readonly constructPath: string;
  /** Amazon States Language, JSON, after substitutions. */
  readonly definition: string;
  /** What was put into the definition, by the name of the placeholder. */
  readonly substitutions: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TableConfig {
  readonly tableName: string;
  readonly logicalId: string;
  readonly hashKey: KeyConfig;
  readonly rangeKey?: KeyConfig;
  readonly ttlAttribute?: string;
  readonly billing: 'PAY_PER_REQUEST';
}

export interface BucketConfig {
  readonly bucketName: string;
  readonly logicalId: string;
}

export interface KeyConfig {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** What starts runs at its moments: a rule of EventBridge, or a schedule of its Scheduler. */
export interface RuleConfig {
  readonly name: string;
  /** `cron(…)`, `rate(…)` or `at(…)`. */
  readonly schedule: string;
  /** By whose clock it fires, a name of the IANA database; that of a rule is UTC. */
  readonly zone: string;
  readonly enabled: boolean;
  /** The state machine that it starts. */
  readonly stateMachineArn: string;
  /** Input of the execution that the schedule starts at `time`. */
  readonly input: RuleInput;
}
