import { renewConnections } from './clients';
import { runFailure } from './contract/errors';
import type { CreateWorkersResult, JudgeCanaryEvent } from './contract/payloads';
import { ownSurroundings } from './wiring/own-surroundings';
import { wireJudgeCanary } from './wiring/wire-judge-canary';

/** State `JudgeCanary`: lets a run go on with everybody, if those who came first fared well. */
export async function handler(event: JudgeCanaryEvent): Promise<CreateWorkersResult> {
  renewConnections();
  return wireJudgeCanary(ownSurroundings())(event).catch((error) => {
    throw runFailure(error);
  });
}
