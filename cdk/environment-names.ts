import { ENVIRONMENT } from '../functions/contract/names';
import { UnexpectedValue } from './validation';

/** What Lambda takes as the name of a variable (API reference, Environment: `[a-zA-Z]([a-zA-Z0-9_])+`). */
const NAME = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/** Names that Lambda keeps for itself (developer guide, "Defined runtime environment variables"). */
const OF_LAMBDA: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** What the functions read themselves: another value of it would be another ledger, another share, another stack's alarms. */
const OWN: ReadonlySet<string> = new Set([
  ...Object.values(ENVIRONMENT),
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_SERVICE_NAME',
]);

/**
 * Refuses variables that Lambda would refuse, and those that would take the place of the functions' own.
 *
 * @throws UnexpectedValue where there is one: the first
 */
export function requireOtherNames(environment: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(environment)) {
    if (OF_LAMBDA.has(name)) throw refused(name, 'which Lambda sets itself: choose another');
    if (OWN.has(name)) throw refused(name, "which is the functions' own: choose another, and read that one in the job");
    if (!NAME.test(name))
      throw refused(name, 'which Lambda refuses: take letters, digits and _, a letter first, two at least');
  }
}

function refused(name: string, because: string): UnexpectedValue {
  return new UnexpectedValue(`Expected \`environment\` to have names of the job's own, got \`${name}\`, ${because}.`);
}
