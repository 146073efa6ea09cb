import type { Resource } from './assembly';

/**
 * Properties of a resource, or of a structure in it: those that the embedded engine acts on, and those that change
 * nothing where there is no account to protect, bill or observe. Any other property is refused by name.
 */
interface Known {
  readonly used: readonly string[];
  readonly irrelevant: readonly string[];
}

const RESOURCES: Readonly<Record<string, Known>> = {
  'AWS::Lambda::Function': {
    used: [
      'Code',
      'Environment',
      'FunctionName',
      'Handler',
      'MemorySize',
      'RecursiveLoop',
      'ReservedConcurrentExecutions',
      'Runtime',
      'Timeout',
    ],
    irrelevant: ['Architectures', 'Description', 'KmsKeyArn', 'LoggingConfig', 'Role', 'Tags', 'TracingConfig'],
  },
  'AWS::Lambda::EventInvokeConfig': {
    used: ['DestinationConfig', 'FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
    irrelevant: [],
  },
  'AWS::StepFunctions::StateMachine': {
    used: ['DefinitionString', 'DefinitionSubstitutions', 'RoleArn', 'StateMachineName', 'StateMachineType', 'Tags'],
    irrelevant: ['EncryptionConfiguration', 'LoggingConfiguration', 'TracingConfiguration'],
  },
  'AWS::Events::Rule': {
    used: ['EventBusName', 'EventPattern', 'Name', 'ScheduleExpression', 'State', 'Targets'],
    irrelevant: ['Description', 'Tags'],
  },
  // A run starts at once here, whatever the window.
  'AWS::Scheduler::Schedule': {
    used: ['Name', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'State', 'Target'],
    irrelevant: ['Description', 'FlexibleTimeWindow', 'GroupName', 'KmsKeyArn'],
  },
  'AWS::SQS::Queue': {
    used: [
      'DelaySeconds',
      'FifoQueue',
      'MessageRetentionPeriod',
      'QueueName',
      'ReceiveMessageWaitTimeSeconds',
      'RedrivePolicy',
      'VisibilityTimeout',
    ],
    irrelevant: [
      'KmsDataKeyReusePeriodSeconds',
      'KmsMasterKeyId',
      'RedriveAllowPolicy',
      'SqsManagedSseEnabled',
      'Tags',
    ],
  },
  // Who may call it and from which web pages is not checked here: whoever can, may.
  'AWS::Lambda::Url': { used: ['AuthType', 'InvokeMode', 'TargetFunctionArn'], irrelevant: ['Cors'] },
  'AWS::SecretsManager::Secret': {
    used: ['GenerateSecretString', 'Name'],
    irrelevant: ['Description', 'KmsKeyId', 'ReplicaRegions', 'Tags'],
  },
  'AWS::SNS::Topic': {
    used: ['FifoTopic', 'TopicName'],
    irrelevant: ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'Subscription', 'Tags', 'TracingConfig'],
  },
  'AWS::Lambda::Permission': {
    used: ['Action', 'FunctionName', 'Principal', 'SourceArn'],
    irrelevant: ['EventSourceToken', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl', 'PrincipalOrgID', 'SourceAccount'],
  },
  'AWS::SQS::QueuePolicy': { used: ['PolicyDocument', 'Queues'], irrelevant: [] },
  'AWS::Lambda::EventSourceMapping': {
    used: [
      'BatchSize',
      'Enabled',
      'EventSourceArn',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'ScalingConfig',
    ],
    irrelevant: ['KmsKeyArn', 'LoggingConfig', 'MetricsConfig', 'Tags'],
  },
  'AWS::SES::ConfigurationSet': {
    used: ['Name', 'SendingOptions', 'SuppressionOptions'],
    irrelevant: ['ArchivingOptions', 'DeliveryOptions', 'ReputationOptions', 'Tags', 'TrackingOptions', 'VdmOptions'],
  },
  'AWS::SES::ConfigurationSetEventDestination': { used: ['ConfigurationSetName', 'EventDestination'], irrelevant: [] },
  // Lifecycle rules count in days, and objects stay beyond theirs, as expired items do. What functions would see, versions
  // and notifications for one, is not among these.
  'AWS::S3::Bucket': {
    used: ['BucketName'],
    irrelevant: [
      'AccessControl',
      'AnalyticsConfigurations',
      'BucketEncryption',
      'CorsConfiguration',
      'IntelligentTieringConfigurations',
      'LifecycleConfiguration',
      'LoggingConfiguration',
      'MetricsConfigurations',
      'OwnershipControls',
      'PublicAccessBlockConfiguration',
      'Tags',
    ],
  },
  'AWS::DynamoDB::Table': {
    used: ['AttributeDefinitions', 'BillingMode', 'KeySchema', 'TableName', 'TimeToLiveSpecification'],
    irrelevant: [
      'ContributorInsightsSpecification',
      'DeletionProtectionEnabled',
      'PointInTimeRecoverySpecification',
      'SSESpecification',
      'TableClass',
      'Tags',
    ],
  },
};

/**
 * The properties of a resource that the embedded engine acts on.
 *
 * @throws Error where something in it is not implemented: the message names resource and property
 */
export function usedProperties(resource: Resource): Readonly<Record<string, unknown>> {
  const known = RESOURCES[resource.type];
  if (known === undefined) {
    throw new Error(`The embedded engine does not implement ${resource.type} (${resource.logicalId}): leave it out.`);
  }
  const [attribute] = resource.otherAttributes;
  if (attribute !== undefined) {
    throw new Error(
      `The embedded engine does not implement ${attribute} of the resource ${resource.logicalId}: leave it out.`,
    );
  }
  refuseUnknownKeys(resource.properties, known, resource.logicalId);
  return Object.fromEntries(Object.entries(resource.properties).filter(([name]) => known.used.includes(name)));
}

/**
 * The same for a structure inside a resource.
 *
 * @throws Error where it has a property that is not implemented
 */
export function refuseUnknownKeys(structure: Readonly<Record<string, unknown>>, known: Known, where: string): void {
  const unknown = Object.keys(structure).find((key) => !known.used.includes(key) && !known.irrelevant.includes(key));
  if (unknown !== undefined) {
    throw new Error(`The embedded engine does not implement the property ${where}.${unknown}: leave it out.`);
  }
}
