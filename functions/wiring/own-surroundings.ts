import { dynamoDb, variable } from '../clients';
import { systemClock } from '../contract/clock';
import { ENVIRONMENT } from '../contract/names';
import type { Surroundings } from './surroundings';

/** The client, time and chance of this process, which every handler is wired to. */
export function ownSurroundings(): Surroundings {
  return {
    dynamoDb: dynamoDb(),
    tableName: variable(ENVIRONMENT.ledgerTable),
    clock: systemClock,
    random: Math.random,
  };
}
