import { dynamoDb, variable } from 'worker-chains';
import { Recipients } from './recipients-table';
import { VARIABLES } from './variables';

let recipients: Recipients | undefined;

/** What the job takes from its function's environment, made on first use: importing a job reads no variable. */
export const environment = {
  get recipients(): Recipients {
    recipients ??= new Recipients(dynamoDb(), variable(VARIABLES.recipientsTable));
    return recipients;
  },
  get unsubscribeUrl(): string | undefined {
    return process.env[VARIABLES.unsubscribeUrl];
  },
};
