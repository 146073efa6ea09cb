import { Callbacks } from '../chain/callbacks';
import { type DeadLink, failLink } from '../chain/fail-link';
import { ledgerIn, type Surroundings, type WithStepFunctions } from './surroundings';

/** The chain function's on-failure destination. */
export function wireFailLink(around: Surroundings & WithStepFunctions): (record: unknown) => Promise<DeadLink> {
  const { stepFunctions: client, clock, random } = around;
  const ledger = ledgerIn(around);
  const callbacks = new Callbacks({ client, clock, random });
  return (record) => failLink(record, { callbacks, ledger });
}
