import { WorkerChainsError } from '../functions/contract/errors';
import type { RunInput } from '../functions/contract/payloads';
import { rangeOfIds } from '../functions/sources/id-range';
import { listedIds } from '../functions/sources/list';
import { refuseIds } from '../functions/sources/table-plan';
import { UnexpectedValue } from './validation';

/**
 * Refuses ids that every scheduled run would refuse.
 *
 * @param kind of the job's source
 * @throws UnexpectedValue where there is such an id: the first one
 */
export function requireIds(ids: RunInput['ids'], kind: string): void {
  if (ids === undefined) return;
  try {
    if (Array.isArray(ids) || kind === 'list') listedIds(ids, kind === 'id-range');
    else if (kind === 'table') refuseIds(ids);
    else rangeOfIds(ids);
  } catch (error) {
    if (!(error instanceof WorkerChainsError)) throw error;
    throw new UnexpectedValue(error.message, { cause: error });
  }
}
