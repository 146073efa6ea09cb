import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Source, SourceGrant, Text } from '../functions/contract/source';
import { UnexpectedValue } from './validation';

/**
 * Allows functions to read a job's source, as it asks for it: the actions on the resources that it names, in the account
 * and region of their stack. What encrypts these resources is the stack's to grant.
 *
 * @param environment of the functions: what the source's options name by `env(…)`
 * @throws UnexpectedValue where a variable is missing there
 */
export function permitSource(
  functions: readonly IFunction[],
  source: Pick<Source, 'grants'>,
  environment: Readonly<Record<string, string>> = {},
): void {
  const grants = source.grants?.((text) => valueIn(environment, text)) ?? [];
  for (const fn of functions) {
    for (const grant of grants) {
      fn.addToRolePolicy(new iam.PolicyStatement({ actions: [...grant.actions], resources: [arnOf(fn, grant)] }));
    }
  }
}

function valueIn(environment: Readonly<Record<string, string>>, text: Text): string {
  if (typeof text === 'string') return text;
  const value = environment[text.variable];
  if (value) return value;
  throw new UnexpectedValue(
    `Expected \`environment\` to have ${text.variable}, which the source of the job reads, got nothing: give it to the construct.`,
  );
}

function arnOf(fn: IFunction, { service, resource }: SourceGrant): string {
  // The ARN of a bucket has neither region nor account.
  const place = service === 's3' ? { region: '', account: '' } : {};
  return Stack.of(fn).formatArn({ service, resource, ...place });
}
