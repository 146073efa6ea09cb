import type { FunctionConfig } from '../../local/lambda/runtime';

export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:';

/** A function as a template deploys it, with Lambda's own defaults where `changes` says nothing: no code, no variables. */
export function functionConfig(
  changes: Partial<FunctionConfig> & Pick<FunctionConfig, 'functionName'>,
): FunctionConfig {
  const { functionName } = changes;
  return {
    logicalId: functionName,
    functionArn: FUNCTION_ARN + functionName,
    codeDirectory: '',
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 900,
    memoryMegabytes: 512,
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 21_600,
    ...changes,
  };
}
