import { counted } from '../contract/counted';
import { WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import { failuresIn, judgedItems, toleratedFailures } from '../ledger/attempts';
import type { Ledger } from '../ledger/ledger';
import type { RunRecord } from '../ledger/records';
import type { Chain } from './chain';

export interface ToleranceOptions {
  readonly run: Pick<RunRecord, 'runId' | 'plan' | 'tolerateUnprocessed'>;
  readonly chain: Pick<Chain, 'record' | 'failures' | 'given'>;
  readonly ledger: Pick<Ledger, 'readChains'>;
}

/** What the job tolerates of failures, over all chains of the run. */
export class Tolerance {
  /** Failures of this chain when the run was last looked at. */
  private failuresJudged = 0;

  constructor(private readonly options: ToleranceOptions) {}

  /**
   * Looks at the run's other chains whenever this one has failed again.
   *
   * @throws `Chain.TooManyFailures` where the run as a whole can no longer stay within the job's tolerance
   */
  async guard(): Promise<void> {
    const { run, chain, ledger } = this.options;
    if (chain.failures === this.failuresJudged) return;
    this.failuresJudged = chain.failures;
    const { chainId, epoch } = chain.record;
    const chains = await ledger.readChains(run.runId);
    const others = chains.filter((other) => other.chainId !== chainId);
    const own = { ...chain.record, failures: chain.failures, given: chain.given };
    const all = [...others, own];
    const failures = failuresIn(all, epoch);
    const items = judgedItems(run, all);
    const tolerated = toleratedFailures(run, items);
    if (failures <= tolerated) return;
    throw new WorkerChainsError(
      ERROR_CODES.tooManyFailures,
      `${failures} of ${counted(items, 'item')} failed where the job tolerates ${tolerated}: ` +
        'look at the items unprocessed or in doubt, mend the cause, then redrive the execution.',
    );
  }
}
