import { counted } from '../../functions/contract/counted';
import { ENVIRONMENT, TAGS } from '../../functions/contract/names';
import type { FunctionConfig } from '../../local/lambda/runtime';
import type { RuleConfig, StateMachineConfig } from '../../local/template/configurations';
import type { LocalTemplate } from '../../local/template/local-template';
import { UsageError } from '../command-line';
import { quotedInput } from '../deployment/execution-name';
import { printable } from '../printable';

/** A `WorkerChains` construct as it was synthesized. */
export interface DeployedJob {
  /** The job that its schedule starts. */
  readonly name: string;
  /** Where the construct stands in the app: `Stack/WeeklyDigest`. */
  readonly constructPath: string;
  readonly stateMachine: StateMachineConfig;
  /** What starts its runs. */
  readonly rules: readonly RuleConfig[];
  /** The one of them whose run is meant: the first that is on, otherwise the first. */
  readonly rule: RuleConfig;
  readonly createWorkers: FunctionConfig;
  readonly runChain: FunctionConfig;
  readonly ledgerTable: string;
  /** Name of its stack, as the command finds it. */
  readonly stack: string;
}

/** Whether a state machine is one of the construct: it is told by what is put into its definition. */
export function runsChains(definition: string): boolean {
  return ['CreateWorkers', 'RunChain', 'ReconcileRun'].every((name) => definition.includes(`\${${name}FunctionArn}`));
}

/** The jobs of an app, in the order of their constructs. */
export function jobsOf({ stateMachines, rules, functions }: LocalTemplate): readonly DeployedJob[] {
  return stateMachines.flatMap((stateMachine) => {
    const { arn, constructPath, substitutions } = stateMachine;
    const starts = rules.filter(({ stateMachineArn }) => stateMachineArn === arn);
    const rule = starts.find(({ enabled }) => enabled) ?? starts[0];
    const put = (name: string) => functions.find(({ functionArn }) => functionArn === substitutions[name]);
    const createWorkers = put('CreateWorkersFunctionArn');
    const runChain = put('RunChainFunctionArn');
    const ledgerTable = runChain?.environment[ENVIRONMENT.ledgerTable];
    if (!rule || !createWorkers || !runChain || ledgerTable === undefined) return [];
    return {
      name: String(rule.input(new Date(0)).job),
      constructPath: constructPath.replace(/\/Runs\/StateMachine\/Resource$/, ''),
      stateMachine,
      rules: starts,
      rule,
      createWorkers,
      runChain,
      ledgerTable,
      stack: stateMachine.tags[TAGS.stack] ?? '',
    };
  });
}

/** Environment variables of the job's functions. */
export function environmentOf({ createWorkers, runChain }: DeployedJob): Readonly<Record<string, string>> {
  return { ...createWorkers.environment, ...runChain.environment };
}

/**
 * The job of this name or at this construct path; the only one if nothing is asked for.
 *
 * @throws UsageError where there is no such job, or more than one: the message lists the jobs
 */
export function chooseJob(jobs: readonly DeployedJob[], asked: string | undefined): DeployedJob {
  if (jobs.length === 0) {
    throw new UsageError('Expected the app to have a WorkerChains construct, got none: add one to a stack of it.');
  }
  const found = jobs.filter(
    ({ name, constructPath }) => asked === undefined || asked === name || asked === constructPath,
  );
  const [job] = found;
  if (job !== undefined && found.length === 1) return job;
  const known = namesOf(found.length > 1 ? found : jobs);
  throw new UsageError(
    `Expected one of the jobs ${known.join(', ')}, got ${quotedInput(asked ?? '')}: name one, for example ${known[0]}.`,
  );
}

/** Names, and paths of constructs where a name tells too little. */
function namesOf(jobs: readonly DeployedJob[]): readonly string[] {
  return jobs.map(({ name, constructPath }) =>
    jobs.filter((other) => other.name === name).length > 1 ? constructPath : name,
  );
}

/** The name that a schedule of several has, as its occurrence has it; undefined for the only one, and for a rule. */
function scheduleNameOf({ input }: RuleConfig): string | undefined {
  const { schedule } = input(new Date(0));
  return typeof schedule === 'string' ? schedule : undefined;
}

/**
 * The job, with the schedule of this name as the one whose run is meant; as it is where none is asked for.
 *
 * @throws UsageError where it has no such schedule: the message lists those it has
 */
function chooseSchedule(job: DeployedJob, asked: string | undefined): DeployedJob {
  if (asked === undefined) return job;
  const rule = job.rules.find((each) => scheduleNameOf(each) === asked);
  if (rule) return { ...job, rule };
  const names = job.rules.flatMap((each) => scheduleNameOf(each) ?? []);
  throw new UsageError(
    names.length === 0
      ? `Expected no --schedule for the job ${job.name}, whose only schedule has no name, got ${asked}: leave it out.`
      : `Expected --schedule to be one of the schedules ${names.join(', ')} of the job ${job.name}, got ${asked || 'nothing'}: for example --schedule ${names[0]}.`,
  );
}

/**
 * The job that the options name, with the schedule whose run is meant; of several of which none was asked for, stderr says
 * which one.
 *
 * @throws UsageError where there is no such job, or no such schedule
 */
export function meantJob(
  jobs: readonly DeployedJob[],
  {
    job: asked,
    schedule,
    resume = false,
  }: { readonly job?: string; readonly schedule?: string; readonly resume?: boolean },
): DeployedJob {
  const job = chooseSchedule(chooseJob(jobs, asked), schedule);
  const { name, rules, rule } = job;
  if (schedule === undefined && rules.length > 1 && !resume) {
    const meant = scheduleNameOf(rule) ?? rule.name;
    process.stderr.write(
      `${printable(`The run is that of ${meant}, of ${counted(rules.length, 'schedule')} of ${name}: --schedule NAME takes another.`)}\n`,
    );
  }
  return job;
}
