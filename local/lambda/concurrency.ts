import type { DeployedFunction, DeployedFunctions } from './deployed-functions';
import { invalidParameter, type ThrottleReason } from './lambda-errors';

/** Concurrent executions that reservations must leave to the functions without one. */
const MINIMUM_UNRESERVED = 100;

/**
 * Who may run now. A reservation is both a guarantee and a limit: it is taken out of the account's pool, and functions
 * without one share what is left.
 */
export class Concurrency {
  readonly #running = new Map<DeployedFunction, number>();

  /** @throws Error where the functions reserve more than the account has */
  constructor(
    private readonly functions: DeployedFunctions,
    private readonly accountConcurrency: number,
  ) {
    if (this.#unreserved() < 0) {
      throw new Error(
        `Expected reserved concurrency of at most ${accountConcurrency} in all, the account's own, ` +
          `got ${accountConcurrency - this.#unreserved()}: lower a function's reservation.`,
      );
    }
  }

  /** Takes a slot, or tells why there is none. */
  acquire(deployed: DeployedFunction): ThrottleReason | undefined {
    const reserved = deployed.reservedConcurrency;
    if (reserved !== undefined && this.#runningOf(deployed) >= reserved) {
      return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    }
    if (reserved === undefined && this.#runningUnreserved() >= this.#unreserved()) {
      return 'ConcurrentInvocationLimitExceeded';
    }
    this.#running.set(deployed, this.#runningOf(deployed) + 1);
    return undefined;
  }

  release(deployed: DeployedFunction): void {
    this.#running.set(deployed, this.#runningOf(deployed) - 1);
  }

  /**
   * Sets the reservation. Invocations beyond a lowered one run to their end.
   *
   * @throws LambdaError `InvalidParameterValueException` where too little would be left to functions without a reservation
   */
  reserve(deployed: DeployedFunction, slots: number): void {
    const left = this.#unreserved() + (deployed.reservedConcurrency ?? 0) - slots;
    if (slots > (deployed.reservedConcurrency ?? 0) && left < MINIMUM_UNRESERVED) {
      throw invalidParameter(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${MINIMUM_UNRESERVED}].`,
      );
    }
    deployed.reservedConcurrency = slots;
  }

  #runningOf(deployed: DeployedFunction): number {
    return this.#running.get(deployed) ?? 0;
  }

  #runningUnreserved(): number {
    let count = 0;
    for (const [deployed, running] of this.#running) {
      count += deployed.reservedConcurrency === undefined ? running : 0;
    }
    return count;
  }

  #unreserved(): number {
    return this.functions
      .all()
      .reduce((left, deployed) => left - (deployed.reservedConcurrency ?? 0), this.accountConcurrency);
  }
}
