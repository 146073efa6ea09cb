import type { FunctionUrlConfig } from '../lambda/function-url';
import type { FunctionConfig } from '../lambda/runtime';
import type { SecretConfig } from '../secrets/secrets-manager';
import type { Resource } from './assembly';
import type { Intrinsics } from './intrinsics';
import { refuseUnknownKeys, usedProperties } from './properties';
import { structure } from './property-values';

/** @throws Error where it is not the open address of a function that runs here */
export function readFunctionUrl(
  resource: Resource,
  intrinsics: Intrinsics,
  functions: readonly FunctionConfig[],
): FunctionUrlConfig {
  const { logicalId } = resource;
  const { AuthType, InvokeMode = 'BUFFERED', TargetFunctionArn } = usedProperties(resource);
  if (AuthType !== 'NONE' || InvokeMode !== 'BUFFERED') {
    throw new Error(
      `Expected ${logicalId} to have AuthType NONE and InvokeMode BUFFERED, got ${String(AuthType)} and ${String(InvokeMode)}: the embedded engine checks no signatures and streams nothing.`,
    );
  }
  const target = intrinsics.text(TargetFunctionArn, `${logicalId}.TargetFunctionArn`);
  const fn = functions.find(({ functionArn, functionName }) => target === functionArn || target === functionName);
  if (!fn) throw new Error(`Expected ${logicalId} to be the address of a function that runs here, got ${target}.`);
  const url = intrinsics.text({ 'Fn::GetAtt': [logicalId, 'FunctionUrl'] }, logicalId);
  return { logicalId, id: intrinsics.nameOf(resource), url, functionName: fn.functionName };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** @throws Error where its text is not generated, or by rules that are not implemented */
export function readSecret(resource: Resource, intrinsics: Intrinsics): SecretConfig {
  const { logicalId } = resource;
  const { GenerateSecretString } = usedProperties(resource);
  const where = `${logicalId}.GenerateSecretString`;
  const rules = structure(GenerateSecretString, where);
  refuseUnknownKeys(
    rules,
    { used: ['PasswordLength', 'ExcludePunctuation'], irrelevant: ['RequireEachIncludedType'] },
    where,
  );
  const alphabet = LETTERS + DIGITS + (rules.ExcludePunctuation === true ? '' : PUNCTUATION);
  return {
    logicalId,
    name: intrinsics.nameOf(resource),
    arn: intrinsics.arnOf(resource),
    generate: { length: Number(rules.PasswordLength ?? 32), alphabet },
  };
}
