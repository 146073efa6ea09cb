import { executionUrl } from '../../../functions/contract/console-url';

it.each([
  ['aws', 'eu-west-1', 'eu-west-1.console.aws.amazon.com'],
  ['aws-cn', 'cn-north-1', 'console.amazonaws.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'console.amazonaws-us-gov.com'],
])('leads to an execution in the partition %s', (partition, region, host) => {
  const arn = `arn:${partition}:states:${region}:123456789012:execution:digest:run-1`;
  expect(executionUrl(arn)).toBe(`https://${host}/states/home?region=${region}#/v2/executions/details/${arn}`);
});
