import { Duration, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RunInput } from '../functions/contract/payloads';
import { UnexpectedValue } from './validation';

/** Characters of `InputTemplate` that EventBridge takes (PutTargets, InputTransformer). */
const LONGEST_TEMPLATE = 8192;

export interface OccurrencesProps {
  readonly schedule: events.Schedule;
  readonly enabled: boolean;
  readonly stateMachine: IStateMachine;
  /** What every run gets; `scheduledFor` is added: the occurrence's own time, however late the event arrives. */
  readonly input: Omit<RunInput, 'scheduledFor'>;
}

/** The schedule: starts one run per occurrence. */
export class Occurrences extends Construct {
  readonly rule: events.Rule;
  /** Occurrences for which no execution could be started: the one failure that leaves no execution to look at. */
  readonly missed: sqs.Queue;

  constructor(scope: Construct, id: string, props: OccurrencesProps) {
    super(scope, id);
    requireTemplateFits(props.input);
    this.missed = missedOccurrences(this, 'It is the dead-letter queue of the rule.');
    this.rule = new events.Rule(this, 'Rule', {
      description: `Starts the job ${props.input.job}.`,
      schedule: props.schedule,
      enabled: props.enabled,
    });
    this.rule.addTarget(
      new SfnStateMachine(props.stateMachine, {
        input: events.RuleTargetInput.fromObject({
          ...props.input,
          scheduledFor: events.EventField.fromPath('$.time'),
        }),
        deadLetterQueue: this.missed,
        // EventBridge's own limits, written down: a run may start late, and is served once however often it is tried.
        retryAttempts: 185,
        maxEventAge: Duration.hours(24),
      }),
    );
  }
}

/** A queue of occurrences for which no execution could be started; `why` it has no dead-letter queue of its own. */
export function missedOccurrences(scope: Construct, why: string): sqs.Queue {
  const queue = new sqs.Queue(scope, 'Missed', { enforceSSL: true, retentionPeriod: Duration.days(14) });
  Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: why });
  return queue;
}

/**
 * Refuses an input that EventBridge would refuse at the deployment.
 *
 * @throws UnexpectedValue where it is too long
 */
function requireTemplateFits(input: OccurrencesProps['input']): void {
  const characters = `${JSON.stringify(input).slice(0, -1)},"scheduledFor":<time>}`.length;
  if (characters <= LONGEST_TEMPLATE) return;
  throw new UnexpectedValue(
    `Expected the input of a scheduled run to have at most ${LONGEST_TEMPLATE} characters, got ${characters}: shorten \`ids\`, or let the job's source find them.`,
  );
}
