import { dynamoDb, lazily, systemClock, variable } from '../../functions/clients';
import { ENVIRONMENT } from '../../functions/contract/names';
import { Recipients } from './recipients';

const recipients = lazily(
  () => new Recipients(dynamoDb(), variable(ENVIRONMENT.recipientsTable), { clock: systemClock, random: Math.random }),
);

/** What the shipped jobs take from the function's environment, made on first use: importing a job reads no variable. */
export const environment = {
  get recipients(): Recipients {
    return recipients();
  },
  get unsubscribeUrl(): string {
    return variable(ENVIRONMENT.unsubscribeUrl);
  },
};
