import { ENVIRONMENT } from '../chain/constants';
import { dynamoDb, lazily, systemClock, variable } from '../clients';
import { Recipients } from '../email/recipients';

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
