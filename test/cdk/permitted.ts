import type { Permissions } from './role-permissions';

/**
 * Everything that is permitted to anybody by `fullStack()`: reviewed by hand, complete, and the only place. `own` is the stack's
 * partition, region and account. A new permission is a new line here, or a test fails.
 */

/** The stack that ships. */
export const DIGEST: Readonly<Record<string, Permissions>> = {
  // Takes from the queue, notes in the ledger, stops the executions of the job.
  'role WeeklyDigestLedgerFeedbackHandleFeedbackRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestLedgerFeedbackHandleFeedbackLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestLedgerFeedbackQueue:
      'sqs: ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage',
    WeeklyDigestLedgerTable: 'dynamodb: GetItem PutItem Query UpdateItem',
    'own states:execution:WeeklyDigestRunsStateMachine:*': 'states: DescribeExecution StopExecution',
  },
  // Writes to the ledger and reads its secret.
  'role WeeklyDigestLedgerUnsubscribeUnsubscribeRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestLedgerUnsubscribeUnsubscribeLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestLedgerUnsubscribeSecret: 'secretsmanager: GetSecretValue',
    WeeklyDigestLedgerTable: 'dynamodb: GetItem UpdateItem',
  },
  // Fails a task and notes it in the ledger.
  'role WeeklyDigestFailChainRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestFailChainLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestLedgerTable: 'dynamodb: GetItem UpdateItem',
    WeeklyDigestRunsStateMachine: 'states: SendTaskFailure',
  },
  // Works, hands over to itself, answers its task, sends from the sender’s address only, and looks at the quota and other runs.
  'role WeeklyDigestRunChainRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestRunChainLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestFailChain: 'lambda: InvokeFunction',
    WeeklyDigestLedgerTable: 'dynamodb: BatchGetItem GetItem PutItem Query UpdateItem',
    '*': 'ses: GetSendQuota',
    'own ses:identity/mail.example.com if ses:FromAddress StringEquals digest@mail.example.com': 'ses: SendRawEmail',
    'own ses:identity/digest@mail.example.com if ses:FromAddress StringEquals digest@mail.example.com':
      'ses: SendRawEmail',
    'own ses:identity/reader@example.net if ses:FromAddress StringEquals digest@mail.example.com': 'ses: SendRawEmail',
    'own ses:configuration-set/WeeklyDigestLedgerFeedbackConfigurationSet if ses:FromAddress StringEquals digest@mail.example.com':
      'ses: SendRawEmail',
    WeeklyDigestLedgerUnsubscribeSecret: 'secretsmanager: GetSecretValue',
    Recipients: 'dynamodb: BatchGetItem',
    WeeklyDigestRunChain: 'lambda: InvokeFunction',
    WeeklyDigestRunsStateMachine: 'states: SendTaskFailure SendTaskHeartbeat SendTaskSuccess',
    'own states:execution:WeeklyDigestRunsStateMachine:*': 'states: DescribeExecution',
  },
  // Plans a run, reads the sending quota and looks at other runs.
  'role WeeklyDigestCreateWorkersRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestCreateWorkersLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestLedgerTable: 'dynamodb: DeleteItem GetItem PutItem Query UpdateItem',
    '*': 'ses: GetSendQuota',
    'own states:execution:WeeklyDigestRunsStateMachine:*': 'states: DescribeExecution',
  },
  // Reads the ledger, notes a verdict and sends chains on.
  'role WeeklyDigestJudgeCanaryRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestJudgeCanaryLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestLedgerTable: 'dynamodb: GetItem Query UpdateItem',
  },
  // Reads the ledger and closes the run.
  'role WeeklyDigestReconcileRunRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestReconcileRunLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestLedgerTable: 'dynamodb: DeleteItem GetItem Query UpdateItem',
  },
  // The state machine: invokes the functions of its states, without versions and aliases. Log delivery knows no resource.
  'role WeeklyDigestRunsRole': {
    'by states.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestCreateWorkers: 'lambda: InvokeFunction',
    WeeklyDigestRunChain: 'lambda: InvokeFunction',
    WeeklyDigestJudgeCanary: 'lambda: InvokeFunction',
    WeeklyDigestReconcileRun: 'lambda: InvokeFunction',
    '*': 'logs: CreateLogDelivery DeleteLogDelivery DescribeLogGroups DescribeResourcePolicies GetLogDelivery ListLogDeliveries PutResourcePolicy UpdateLogDelivery',
  },
  // The rule of the schedule: starts executions.
  'role WeeklyDigestRunsStateMachineEventsRole': {
    'by events.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestRunsStateMachine: 'states: StartExecution',
  },
  // Reads the execution and the ledger, publishes to the topic of tickets with its key, keeps what it could not tell.
  'role WeeklyDigestNoticesNotifyRunRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestNoticesNotifyRunLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestLedgerTable: 'dynamodb: GetItem Query',
    WeeklyDigestNoticesUndelivered: 'sqs: SendMessage',
    WorkerChainsAlarmsTicket: 'sns: Publish',
    WorkerChainsAlarmsKey: 'kms: Decrypt GenerateDataKey',
    'own states:execution:WeeklyDigestRunsStateMachine:*': 'states: DescribeExecution',
  },
  'function WeeklyDigestNoticesNotifyRun': {
    'by events.amazonaws.com if SourceArn of WeeklyDigestNoticesRule': 'lambda: InvokeFunction',
  },
  'queue WeeklyDigestNoticesUndelivered': {
    'DENY WeeklyDigestNoticesUndelivered by anybody if aws:SecureTransport Bool false': 'sqs: *',
    'WeeklyDigestNoticesUndelivered by events.amazonaws.com if aws:SourceArn ArnEquals WeeklyDigestNoticesRule':
      'sqs: SendMessage',
  },
  // Lists the executions and reads the ledger, for the dashboard. Whoever looks at that invokes it: it trusts no service.
  'role WeeklyDigestLastRunsShowRunsRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    WeeklyDigestLastRunsShowRunsLogs: 'logs: CreateLogStream PutLogEvents',
    WeeklyDigestLedgerTable: 'dynamodb: GetItem Query',
    WeeklyDigestRunsStateMachine: 'states: ListExecutions',
  },
  // Who has the link has no AWS credentials.
  'function WeeklyDigestLedgerUnsubscribe': {
    'by anybody if FunctionUrlAuthType of NONE': 'lambda: InvokeFunctionUrl',
    'by anybody if InvokedViaFunctionUrl of true': 'lambda: InvokeFunction',
  },
  'queue WeeklyDigestLedgerFeedbackDeadLetters': {
    'DENY WeeklyDigestLedgerFeedbackDeadLetters by anybody if aws:SecureTransport Bool false': 'sqs: *',
    'WeeklyDigestLedgerFeedbackDeadLetters by events.amazonaws.com if aws:SourceArn ArnEquals WeeklyDigestLedgerFeedbackRule':
      'sqs: SendMessage',
  },
  'queue WeeklyDigestLedgerFeedbackQueue': {
    'DENY WeeklyDigestLedgerFeedbackQueue by anybody if aws:SecureTransport Bool false': 'sqs: *',
    'WeeklyDigestLedgerFeedbackQueue by events.amazonaws.com if aws:SourceArn ArnEquals WeeklyDigestLedgerFeedbackRule':
      'sqs: GetQueueAttributes GetQueueUrl SendMessage',
  },
  'queue WeeklyDigestOccurrencesMissed': {
    'DENY WeeklyDigestOccurrencesMissed by anybody if aws:SecureTransport Bool false': 'sqs: *',
    'WeeklyDigestOccurrencesMissed by events.amazonaws.com if aws:SourceArn ArnEquals WeeklyDigestOccurrencesRule':
      'sqs: SendMessage',
  },
};

/** A job with every option that permits somebody something: key, tracing, zones, Distributed Map, alarms that stop runs. */
export const NEWS: Readonly<Record<string, Permissions>> = {
  'role NewsLedgerFeedbackHandleFeedbackRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsLedgerFeedbackHandleFeedbackLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'xray: PutTelemetryRecords PutTraceSegments',
    NewsLedgerFeedbackQueue: 'sqs: ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage',
    NewsLedgerTable: 'dynamodb: GetItem PutItem Query UpdateItem',
    Key: 'kms: Decrypt Encrypt GenerateDataKey* ReEncrypt*',
    'own states:execution:NewsRunsStateMachine:*': 'states: DescribeExecution StopExecution',
  },
  'role NewsLedgerUnsubscribeUnsubscribeRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsLedgerUnsubscribeUnsubscribeLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'xray: PutTelemetryRecords PutTraceSegments',
    NewsLedgerUnsubscribeSecret: 'secretsmanager: GetSecretValue',
    NewsLedgerTable: 'dynamodb: GetItem UpdateItem',
    Key: 'kms: Decrypt Encrypt GenerateDataKey* ReEncrypt*',
  },
  'role NewsFailChainRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsFailChainLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'xray: PutTelemetryRecords PutTraceSegments',
    NewsLedgerTable: 'dynamodb: GetItem UpdateItem',
    Key: 'kms: Decrypt Encrypt GenerateDataKey* ReEncrypt*',
    NewsRunsStateMachine: 'states: SendTaskFailure',
    'NewsRunsStateMachine/RunChains': 'states: SendTaskFailure',
    'NewsRunsStateMachine/FinishChains': 'states: SendTaskFailure',
  },
  // Answers tasks of the state machine and of its labels; looks up rows, and queries the index, of what its source names.
  'role NewsRunChainRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsRunChainLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'ses: GetSendQuota; xray: PutTelemetryRecords PutTraceSegments',
    NewsFailChain: 'lambda: InvokeFunction',
    NewsLedgerTable: 'dynamodb: BatchGetItem GetItem PutItem Query UpdateItem',
    Key: 'kms: Decrypt Encrypt GenerateDataKey* ReEncrypt*',
    'own dynamodb:table/users': 'dynamodb: BatchGetItem DescribeTable',
    'own dynamodb:table/users/index/byDay': 'dynamodb: Query',
    'own ses:identity/mail.example.com if ses:FromAddress StringEquals news@mail.example.com': 'ses: SendRawEmail',
    'own ses:identity/news@mail.example.com if ses:FromAddress StringEquals news@mail.example.com': 'ses: SendRawEmail',
    'own ses:configuration-set/news if ses:FromAddress StringEquals news@mail.example.com': 'ses: SendRawEmail',
    NewsLedgerUnsubscribeSecret: 'secretsmanager: GetSecretValue',
    NewsRunChain: 'lambda: InvokeFunction',
    NewsRunsStateMachine: 'states: SendTaskFailure SendTaskHeartbeat SendTaskSuccess',
    'NewsRunsStateMachine/RunChains': 'states: SendTaskFailure SendTaskHeartbeat SendTaskSuccess',
    'NewsRunsStateMachine/FinishChains': 'states: SendTaskFailure SendTaskHeartbeat SendTaskSuccess',
    'own states:execution:NewsRunsStateMachine:*': 'states: DescribeExecution',
  },
  'role NewsCreateWorkersRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsCreateWorkersLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'ses: GetSendQuota; xray: PutTelemetryRecords PutTraceSegments',
    NewsLedgerTable: 'dynamodb: DeleteItem GetItem PutItem Query UpdateItem',
    Key: 'kms: Decrypt Encrypt GenerateDataKey* ReEncrypt*',
    'own dynamodb:table/users': 'dynamodb: BatchGetItem DescribeTable',
    'own dynamodb:table/users/index/byDay': 'dynamodb: Query',
    'own states:execution:NewsRunsStateMachine:*': 'states: DescribeExecution',
  },
  'role NewsJudgeCanaryRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsJudgeCanaryLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'xray: PutTelemetryRecords PutTraceSegments',
    NewsLedgerTable: 'dynamodb: GetItem Query UpdateItem',
    Key: 'kms: Decrypt Encrypt GenerateDataKey* ReEncrypt*',
  },
  'role NewsReconcileRunRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsReconcileRunLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'xray: PutTelemetryRecords PutTraceSegments',
    NewsLedgerTable: 'dynamodb: DeleteItem GetItem Query UpdateItem',
    Key: 'kms: Decrypt Encrypt GenerateDataKey* ReEncrypt*',
  },
  // A Distributed Map: the state machine starts, looks at, stops and redrives executions of itself.
  'role NewsRunsRole': {
    'by states.amazonaws.com': 'sts: AssumeRole',
    NewsCreateWorkers: 'lambda: InvokeFunction',
    NewsRunChain: 'lambda: InvokeFunction',
    NewsJudgeCanary: 'lambda: InvokeFunction',
    NewsReconcileRun: 'lambda: InvokeFunction',
    '*': 'logs: CreateLogDelivery DeleteLogDelivery DescribeLogGroups DescribeResourcePolicies GetLogDelivery ListLogDeliveries PutResourcePolicy UpdateLogDelivery; xray: GetSamplingRules GetSamplingTargets PutTelemetryRecords PutTraceSegments',
    NewsRunsStateMachine: 'states: StartExecution',
    'own states:execution:NewsRunsStateMachine:*': 'states: DescribeExecution StopExecution',
    'own states:execution:NewsRunsStateMachine/RunChains:*': 'states: DescribeExecution RedriveExecution StopExecution',
    'own states:execution:NewsRunsStateMachine/FinishChains:*':
      'states: DescribeExecution RedriveExecution StopExecution',
  },
  // EventBridge Scheduler, for its group only: starts executions and writes to its queue.
  'role NewsOccurrencesRole': {
    'by scheduler.amazonaws.com if aws:SourceAccount StringEquals <AccountId> and aws:SourceArn ArnEquals NewsOccurrencesGroup':
      'sts: AssumeRole',
    NewsRunsStateMachine: 'states: StartExecution',
    NewsOccurrencesMissed: 'sqs: SendMessage',
  },
  // Reads the execution and the ledger, publishes to the topic of tickets with its key, keeps what it could not tell.
  'role NewsNoticesNotifyRunRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsNoticesNotifyRunLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'xray: PutTelemetryRecords PutTraceSegments',
    Key: 'kms: Decrypt DescribeKey',
    NewsLedgerTable: 'dynamodb: GetItem Query',
    NewsNoticesUndelivered: 'sqs: SendMessage',
    WorkerChainsAlarmsTicket: 'sns: Publish',
    WorkerChainsAlarmsKey: 'kms: Decrypt GenerateDataKey',
    'own states:execution:NewsRunsStateMachine:*': 'states: DescribeExecution',
  },
  'function NewsNoticesNotifyRun': {
    'by events.amazonaws.com if SourceArn of NewsNoticesRule': 'lambda: InvokeFunction',
  },
  'queue NewsNoticesUndelivered': {
    'DENY NewsNoticesUndelivered by anybody if aws:SecureTransport Bool false': 'sqs: *',
    'NewsNoticesUndelivered by events.amazonaws.com if aws:SourceArn ArnEquals NewsNoticesRule': 'sqs: SendMessage',
  },
  // Lists the executions and reads the ledger, for the dashboard. Whoever looks at that invokes it: it trusts no service.
  'role NewsLastRunsShowRunsRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsLastRunsShowRunsLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'xray: PutTelemetryRecords PutTraceSegments',
    Key: 'kms: Decrypt DescribeKey',
    NewsLedgerTable: 'dynamodb: GetItem Query',
    NewsRunsStateMachine: 'states: ListExecutions',
  },
  // Stops the executions of the job. CloudWatch tells of composite alarms those only who may see all.
  'role NewsStopOnStopRunsRole': {
    'by lambda.amazonaws.com': 'sts: AssumeRole',
    NewsStopOnStopRunsLogs: 'logs: CreateLogStream PutLogEvents',
    '*': 'cloudwatch: DescribeAlarms; xray: PutTelemetryRecords PutTraceSegments',
    NewsStopOnUndelivered: 'sqs: SendMessage',
    NewsRunsStateMachine: 'states: ListExecutions',
    'own states:execution:NewsRunsStateMachine:*': 'states: StopExecution',
  },
  'function NewsLedgerUnsubscribe': {
    'by anybody if FunctionUrlAuthType of NONE': 'lambda: InvokeFunctionUrl',
    'by anybody if InvokedViaFunctionUrl of true': 'lambda: InvokeFunction',
  },
  'function NewsStopOnStopRuns': {
    'by events.amazonaws.com if SourceArn of NewsStopOnAlarmRule': 'lambda: InvokeFunction',
    'by events.amazonaws.com if SourceArn of NewsStopOnStartRule': 'lambda: InvokeFunction',
  },
  'queue NewsLedgerFeedbackDeadLetters': {
    'DENY NewsLedgerFeedbackDeadLetters by anybody if aws:SecureTransport Bool false': 'sqs: *',
    'NewsLedgerFeedbackDeadLetters by events.amazonaws.com if aws:SourceArn ArnEquals NewsLedgerFeedbackRulenews':
      'sqs: SendMessage',
  },
  'queue NewsLedgerFeedbackQueue': {
    'DENY NewsLedgerFeedbackQueue by anybody if aws:SecureTransport Bool false': 'sqs: *',
    'NewsLedgerFeedbackQueue by events.amazonaws.com if aws:SourceArn ArnEquals NewsLedgerFeedbackRulenews':
      'sqs: GetQueueAttributes GetQueueUrl SendMessage',
  },
  'queue NewsOccurrencesMissed': {
    'DENY NewsOccurrencesMissed by anybody if aws:SecureTransport Bool false': 'sqs: *',
  },
  'queue NewsStopOnUndelivered': {
    'DENY NewsStopOnUndelivered by anybody if aws:SecureTransport Bool false': 'sqs: *',
    'NewsStopOnUndelivered by events.amazonaws.com if aws:SourceArn ArnEquals NewsStopOnAlarmRule': 'sqs: SendMessage',
    'NewsStopOnUndelivered by events.amazonaws.com if aws:SourceArn ArnEquals NewsStopOnStartRule': 'sqs: SendMessage',
  },
  // Whoever owns the account; all others through their roles.
  'key Key': {
    '* by arn:<Partition>:iam::<AccountId>:root': 'kms: *',
  },
};

/** Finds the state machine, follows runs, reads the ledger and sees the last runs on the dashboard. */
const DIGEST_WATCH: Permissions = {
  'by arn:<Partition>:iam::<AccountId>:root': 'sts: AssumeRole',
  WeeklyDigestRunsStateMachine: 'states: DescribeStateMachine ListExecutions ListTagsForResource',
  '*': 'states: ListStateMachines',
  'own states:execution:WeeklyDigestRunsStateMachine:*':
    'states: DescribeExecution DescribeStateMachineForExecution GetExecutionHistory',
  WeeklyDigestRunChain: 'lambda: GetFunctionConfiguration',
  WeeklyDigestLastRunsShowRuns: 'lambda: InvokeFunction',
  WeeklyDigestLedgerTable: 'dynamodb: GetItem Query',
};

/** Looks into Map Runs and their executions, too, and reads what the key encrypts. */
const NEWS_WATCH: Permissions = {
  'by arn:<Partition>:iam::<AccountId>:root': 'sts: AssumeRole',
  NewsRunsStateMachine: 'states: DescribeStateMachine ListExecutions ListTagsForResource',
  '*': 'states: ListStateMachines',
  'own states:execution:NewsRunsStateMachine:*':
    'states: DescribeExecution DescribeStateMachineForExecution GetExecutionHistory ListMapRuns',
  'own states:execution:NewsRunsStateMachine/RunChains:*':
    'states: DescribeExecution DescribeStateMachineForExecution GetExecutionHistory ListMapRuns',
  'own states:execution:NewsRunsStateMachine/FinishChains:*':
    'states: DescribeExecution DescribeStateMachineForExecution GetExecutionHistory ListMapRuns',
  'own states:mapRun:NewsRunsStateMachine/RunChains:*': 'states: DescribeMapRun ListExecutions',
  'own states:mapRun:NewsRunsStateMachine/FinishChains:*': 'states: DescribeMapRun ListExecutions',
  NewsRunChain: 'lambda: GetFunctionConfiguration',
  NewsLastRunsShowRuns: 'lambda: InvokeFunction',
  NewsLedgerTable: 'dynamodb: GetItem Query',
  Key: 'kms: Decrypt DescribeKey',
};

/** Those to whom `grantStart`, `grantWatch`, `grantRecipients` and `grantOperate` of the two jobs grant something. */
export const PEOPLE: Readonly<Record<string, Permissions>> = {
  // Starts runs, and nothing else.
  'role DigestStart': {
    'by arn:<Partition>:iam::<AccountId>:root': 'sts: AssumeRole',
    WeeklyDigestRunsStateMachine: 'states: StartExecution',
  },
  'role DigestWatch': DIGEST_WATCH,
  // As who watches; says of an address whether it is mailed, and changes nothing else.
  'role DigestRecipients': {
    ...DIGEST_WATCH,
    'WeeklyDigestLedgerTable if dynamodb:LeadingKeys ForAllValues:StringLike recipient#* and dynamodb:Attributes ForAllValues:StringLike pk | sk | bouncedAt | complainedAt | unsubscribed_* and dynamodb:LeadingKeys Null false and dynamodb:Attributes Null false':
      'dynamodb: UpdateItem',
  },
  // As who watches; starts, stops and redrives runs; changes nothing but the rate of a run, and of all runs at a provider.
  'role DigestOperate': {
    'by arn:<Partition>:iam::<AccountId>:root': 'sts: AssumeRole',
    WeeklyDigestRunsStateMachine: 'states: DescribeStateMachine ListExecutions ListTagsForResource StartExecution',
    '*': 'states: ListStateMachines',
    'own states:execution:WeeklyDigestRunsStateMachine:*':
      'states: DescribeExecution DescribeStateMachineForExecution GetExecutionHistory RedriveExecution StopExecution',
    WeeklyDigestRunChain: 'lambda: GetFunctionConfiguration',
    WeeklyDigestLastRunsShowRuns: 'lambda: InvokeFunction',
    WeeklyDigestLedgerTable: 'dynamodb: GetItem Query',
    'WeeklyDigestLedgerTable if dynamodb:LeadingKeys ForAllValues:StringLike run#* | provider#* and dynamodb:Attributes ForAllValues:StringEquals pk | sk | rate and dynamodb:LeadingKeys Null false and dynamodb:Attributes Null false':
      'dynamodb: UpdateItem',
  },
  'role NewsStart': {
    'by arn:<Partition>:iam::<AccountId>:root': 'sts: AssumeRole',
    NewsRunsStateMachine: 'states: StartExecution',
  },
  'role NewsWatch': NEWS_WATCH,
  'role NewsRecipients': {
    ...NEWS_WATCH,
    Key: 'kms: Decrypt DescribeKey Encrypt GenerateDataKey* ReEncrypt*',
    'NewsLedgerTable if dynamodb:LeadingKeys ForAllValues:StringLike recipient#* and dynamodb:Attributes ForAllValues:StringLike pk | sk | bouncedAt | complainedAt | unsubscribed_* and dynamodb:LeadingKeys Null false and dynamodb:Attributes Null false':
      'dynamodb: UpdateItem',
  },
  'role NewsOperate': {
    'by arn:<Partition>:iam::<AccountId>:root': 'sts: AssumeRole',
    NewsRunsStateMachine: 'states: DescribeStateMachine ListExecutions ListTagsForResource StartExecution',
    '*': 'states: ListStateMachines',
    'own states:execution:NewsRunsStateMachine:*':
      'states: DescribeExecution DescribeStateMachineForExecution GetExecutionHistory ListMapRuns RedriveExecution StopExecution',
    'own states:execution:NewsRunsStateMachine/RunChains:*':
      'states: DescribeExecution DescribeStateMachineForExecution GetExecutionHistory ListMapRuns',
    'own states:execution:NewsRunsStateMachine/FinishChains:*':
      'states: DescribeExecution DescribeStateMachineForExecution GetExecutionHistory ListMapRuns',
    'own states:mapRun:NewsRunsStateMachine/RunChains:*': 'states: DescribeMapRun ListExecutions',
    'own states:mapRun:NewsRunsStateMachine/FinishChains:*': 'states: DescribeMapRun ListExecutions',
    NewsRunChain: 'lambda: GetFunctionConfiguration',
    NewsLastRunsShowRuns: 'lambda: InvokeFunction',
    NewsLedgerTable: 'dynamodb: GetItem Query',
    Key: 'kms: Decrypt DescribeKey Encrypt GenerateDataKey* ReEncrypt*',
    'NewsLedgerTable if dynamodb:LeadingKeys ForAllValues:StringLike run#* | provider#* and dynamodb:Attributes ForAllValues:StringEquals pk | sk | rate and dynamodb:LeadingKeys Null false and dynamodb:Attributes Null false':
      'dynamodb: UpdateItem',
  },
};

/** What the jobs share: the topics of alarms. */
export const SHARED: Readonly<Record<string, Permissions>> = {
  'topic WorkerChainsAlarmsPage': {
    'DENY WorkerChainsAlarmsPage by anybody if aws:SecureTransport Bool false': 'sns: Publish',
    'WorkerChainsAlarmsPage by cloudwatch.amazonaws.com if aws:SourceAccount StringEquals <AccountId> and aws:SourceArn ArnLike own cloudwatch:alarm:*':
      'sns: Publish',
  },
  'topic WorkerChainsAlarmsTicket': {
    'DENY WorkerChainsAlarmsTicket by anybody if aws:SecureTransport Bool false': 'sns: Publish',
    'WorkerChainsAlarmsTicket by cloudwatch.amazonaws.com if aws:SourceAccount StringEquals <AccountId> and aws:SourceArn ArnLike own cloudwatch:alarm:*':
      'sns: Publish',
  },
  // Lets in those who write to the topics.
  'key WorkerChainsAlarmsKey': {
    '* by arn:<Partition>:iam::<AccountId>:root': 'kms: *',
    '* by cloudwatch.amazonaws.com if aws:SourceAccount StringEquals <AccountId> and aws:SourceArn ArnLike own cloudwatch:alarm:*':
      'kms: Decrypt GenerateDataKey*',
  },
};
