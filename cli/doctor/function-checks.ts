import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { counted, times } from '../../functions/contract/counted';
import { ENVIRONMENT } from '../../functions/contract/names';
import { type Check, check, fault, ok, unlessAbsent, warning } from './check';

/** Executions that planning, proving and everything else of the account have together at least. */
const LEAST_UNRESERVED = 10;
/** Seconds. No heartbeat interval is longer; Lambda's own age is six hours. */
const LONGEST_EVENT_AGE = 3600;
const DEPLOY = 'deploy the stack again: somebody has changed it by hand';

/** Of the chain function, as it is now: a template says only what was deployed. */
export function functionChecks(lambda: LambdaClient): readonly Check[] {
  return [
    check({
      id: 'reserved-concurrency',
      needs: ['lambda:GetFunctionConcurrency'],
      read: ({ deployment }) =>
        lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: deployment.chainFunction })),
      judge: ({ ReservedConcurrentExecutions: reserved }, { environment }) => {
        if (reserved === undefined) return fault('nothing is reserved, and nothing bounds the links', DEPLOY);
        if (reserved === 0) return fault('none: no link can begin', DEPLOY);
        const deployed = Number(environment[ENVIRONMENT.concurrentLinks] ?? reserved);
        if (reserved !== deployed) {
          return warning(
            `${counted(reserved, 'link')} at a time, and the function was told ${deployed} when it was deployed`,
            DEPLOY,
          );
        }
        return ok(`${counted(reserved, 'link')} at a time`);
      },
    }),
    check({
      id: 'account-concurrency',
      needs: ['lambda:GetAccountSettings'],
      read: () => lambda.send(new GetAccountSettingsCommand({})),
      judge: ({ AccountLimit: limit }) => {
        const { ConcurrentExecutions: all = 0, UnreservedConcurrentExecutions: left = 0 } = limit ?? {};
        const found = `${left} of the account's ${all} executions are unreserved`;
        if (left >= LEAST_UNRESERVED) return ok(found);
        return warning(found, 'have "Concurrent executions" raised in Service Quotas: planning and proof run on these');
      },
    }),
    check({
      id: 'recursion',
      needs: ['lambda:GetFunctionRecursionConfig'],
      read: ({ deployment }) =>
        lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName: deployment.chainFunction })),
      judge: ({ RecursiveLoop: setting = 'Terminate' }) =>
        setting === 'Allow'
          ? ok('a chain may invoke itself')
          : fault(`the setting is ${setting}: Lambda ends a chain at about 16 links`, DEPLOY),
    }),
    check({
      id: 'async-invocation',
      needs: ['lambda:GetFunctionEventInvokeConfig'],
      read: ({ deployment }) =>
        unlessAbsent(lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: deployment.chainFunction }))),
      judge: (config) => {
        const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age, DestinationConfig } = config ?? {};
        // Lambda's own, where nothing is set: two retries, six hours.
        if (retries !== 0)
          return fault(`Lambda retries a link ${times(retries ?? 2)} behind the execution's back`, DEPLOY);
        if (age === undefined || age > LONGEST_EVENT_AGE) {
          return fault(`a link may begin ${age ?? 21_600} seconds after it was asked for`, DEPLOY);
        }
        if (!DestinationConfig?.OnFailure?.Destination) {
          return fault('nobody is told of a link that died', DEPLOY);
        }
        return ok(`no retries, events of ${age} seconds at most, and FailChain hears of links that died`);
      },
    }),
  ];
}
