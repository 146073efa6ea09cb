import type { CreateWorkersResult, JudgeCanaryEvent } from '../contract/payloads';
import { judgeCanary } from '../run/canary-judgement';
import { ledgerIn, type Surroundings } from './surroundings';

/** State `JudgeCanary`. */
export function wireJudgeCanary(around: Surroundings): (event: JudgeCanaryEvent) => Promise<CreateWorkersResult> {
  const ledger = ledgerIn(around);
  return (event) => judgeCanary(event, { ledger, clock: around.clock });
}
