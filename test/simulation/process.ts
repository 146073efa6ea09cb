import type { Clock } from '../../functions/contract/clock';
import { type Service, ServiceError } from '../../local/aws-service';
import { sdkError } from '../support/sdk-errors';
import type { Faults } from './faults';
import type { Outage, Outages, ServiceName } from './outages';
import type { Random } from './random';

/** A dead process waits for ever; a promise of its own, so that nothing holds on to what it had in hand. */
const never = () => new Promise<never>(() => {});
/** The SDK clients give up a call after this time. */
const REQUEST_TIMEOUT_MILLISECONDS = 10_000;
/** … and the wait for a connection after this. */
const CONNECTION_TIMEOUT_MILLISECONDS = 3000;

/** Beyond a function's timeout, so that some frozen links are killed before they wake. */
const LONGEST_FREEZE_MILLISECONDS = 90_000;

export interface ProcessOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly onDeath: (why: string) => void;
  readonly trace?: (line: string) => void;
  readonly name: string;
  readonly outages: Outages;
}

/**
 * One invocation of a function: its clock and its calls. It can die or freeze at every await – before an API call took
 * effect, or after – and a frozen one wakes later with everything it had in hand, which is what makes a zombie.
 */
export class Process {
  private alive = true;
  private frozenUntil = Number.NEGATIVE_INFINITY;
  private readonly skew: number;
  private deadConnections = 4;
  readonly clock: Clock;

  constructor(private readonly options: ProcessOptions) {
    const { clock, random, faults } = options;
    this.skew = faults.strikes('clock-skew') ? random.integer(-300_000, 300_000) : 0;
    this.clock = {
      now: () => clock.now() + this.skew,
      after: (milliseconds, callback) => this.schedule(milliseconds, callback),
    };
  }

  kill(): void {
    this.alive = false;
  }

  /** An API call as the SDK makes it: it takes time, it can go wrong, and the process can die around it. */
  async call(service: Service, operation: string, input: Record<string, unknown>, of: ServiceName, isSend = false) {
    const { faults, random, trace, name, clock, outages } = this.options;
    await this.pause(random.integer(1, 15));
    const outage = outages.at(of, clock.now());
    if (outage) {
      if (outage.how === 'timeout') await this.pause(CONNECTION_TIMEOUT_MILLISECONDS);
      trace?.(`${name} ${operation}: ${of} is out`);
      throw notConnected(outage.how);
    }
    // Each of the first calls goes out on a connection that died while the environment was frozen.
    if (this.deadConnections-- > 0 && faults.strikes(isSend ? 'dead-mail-connection' : 'dead-connection')) {
      throw deadConnection(isSend);
    }
    if (faults.strikes('kill-before-effect')) return this.die(`before ${operation}`);
    if (faults.strikes('freeze')) await this.freeze();
    if (faults.strikes(isSend ? 'ses-throttle' : 'throttle')) throw throttle(operation, isSend);
    if (faults.strikes(isSend ? 'ses-fail-before-effect' : 'fail-before-effect')) throw serverFault();
    let result: Record<string, unknown>;
    try {
      result = await service.handle(operation, input);
    } catch (error) {
      trace?.(`${name} ${operation} → ${(error as Error).name}`);
      await this.pause(random.integer(1, 15));
      throw error instanceof ServiceError ? asSdkError(error) : error;
    }
    trace?.(`${name} ${operation}`);
    if (!this.alive) return never();
    if (faults.strikes('kill-after-effect')) return this.die(`after ${operation}`);
    if (faults.strikes('freeze')) await this.freeze();
    if (faults.strikes('hang')) await this.pause(REQUEST_TIMEOUT_MILLISECONDS).then(timeout);
    if (faults.strikes(isSend ? 'ses-lose-response' : 'lose-response')) timeout();
    await this.pause(random.integer(1, 15));
    return result;
  }

  private schedule(milliseconds: number, callback: () => void): () => void {
    let cancelled = false;
    const { clock } = this.options;
    const fire = () => {
      if (cancelled || !this.alive) return;
      const frozen = this.frozenUntil - clock.now();
      if (frozen > 0) cancel = clock.after(frozen, fire);
      else callback();
    };
    let cancel = clock.after(milliseconds, fire);
    return () => {
      cancelled = true;
      cancel();
    };
  }

  private pause(milliseconds: number): Promise<void> {
    return this.alive ? new Promise((resolve) => this.schedule(milliseconds, resolve)) : never();
  }

  private die(where: string): Promise<never> {
    if (this.alive) {
      this.options.trace?.(`${this.options.name} killed ${where}`);
      this.alive = false;
      this.options.onDeath(where);
    }
    return never();
  }

  private freeze(): Promise<void> {
    const { clock, random, trace, name } = this.options;
    const milliseconds = random.integer(1000, LONGEST_FREEZE_MILLISECONDS);
    trace?.(`${name} frozen for ${milliseconds} ms`);
    this.frozenUntil = Math.max(this.frozenUntil, clock.now() + milliseconds);
    return this.pause(0);
  }
}

function throttle(operation: string, isSend: boolean): Error {
  const name = operation === 'Invoke' ? 'TooManyRequestsException' : isSend ? 'Throttling' : 'ThrottlingException';
  const message = isSend ? 'Maximum sending rate exceeded.' : 'Rate exceeded';
  return sdkError(name, operation === 'Invoke' ? 429 : 400, message);
}

function serverFault(): Error {
  return sdkError('InternalServerError', 500, 'Internal server error');
}

/** A connection that was never made: nothing was sent. */
function notConnected(how: Outage['how']): Error {
  return how === 'refused'
    ? Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
    : Object.assign(new Error('The request socket did not establish a connection in time.'), { name: 'TimeoutError' });
}

/** The mailer never uses such a connection, and so knows that nothing was sent. */
function deadConnection(isSend: boolean): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', ...(isSend && { requestSent: false }) });
}

/** What a client sees of a call whose answer never came: whether it took effect is unknown. */
function timeout(): never {
  throw Object.assign(new Error('The request timed out.'), { name: 'TimeoutError' });
}

function asSdkError(error: ServiceError): Error {
  return sdkError(error.name, error.statusCode, error.message);
}
