import { buildCommand } from '@stricli/core';
import { DEPLOYED, exiting, flag, JSON_LINES } from '../command-parts';

export const doctorCommand = buildCommand({
  loader: async () => exiting((await import('./doctor')).doctor),
  parameters: {
    flags: {
      drift: flag('has CloudFormation compare the stack with its template, which takes minutes'),
      ...JSON_LINES,
      ...DEPLOYED,
    },
  },
  docs: {
    brief: 'says what is missing for a first run of a deployed stack',
    fullDescription: `Says what is missing for a first run of a deployed stack: SES's sandbox, quota
and identities, whether the last run would fit today, the unsubscribe endpoint,
what starts runs and when next, what was changed since the deployment, the chain
function's settings as they are now, alarms and who hears of them. Looks only.
Each check is ok, a warning, a fault, or unknown, where it could not look.

Exit codes: 0 no fault; 1 a fault; 2 the command line is wrong.`,
  },
});
