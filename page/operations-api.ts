import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PageError } from './reply';
import type { OperationName, PageOperations } from './view';

/** Bytes of a request: an ARN and a number. */
const MOST_BYTES = 2000;
const MOST_PER_SECOND = 1_000_000;
const FORBIDDEN = 403;

export const OPERATION_NAMES = [
  'stop',
  'redrive',
  'resume',
  'retry',
  'rate',
] as const satisfies readonly OperationName[];

/**
 * Answers `GET /api/operations` and `POST /api/operations/<name>`. What is done to a run must have been asked for by the
 * page itself, not by a web site that the same browser shows: the origin is the page's own, the body is JSON, which no form
 * can send, and it brings a token that only the page can have read.
 */
export class OperationsApi {
  private readonly token = randomBytes(24).toString('base64url');

  constructor(private readonly operations: PageOperations | undefined) {}

  /** What may be done, and the token to do it. */
  offered(): { readonly operations: readonly OperationName[]; readonly token?: string } {
    return this.operations ? { operations: OPERATION_NAMES, token: this.token } : { operations: [] };
  }

  /**
   * Does what is asked for. Answers a sentence of what was done.
   *
   * @throws PageError where it refuses
   */
  async perform(name: string, request: IncomingMessage): Promise<string> {
    const { operations } = this;
    if (!operations) {
      throw new PageError(FORBIDDEN, 'This page only looks: stop, redrive and the like are commands of worker-chains.');
    }
    this.guard(request);
    const { execution, rate } = await bodyOf(request);
    if (typeof execution !== 'string') throw new PageError(400, 'Expected the ARN of an execution, got none.');
    const known = OPERATION_NAMES.find((each) => each === name);
    if (known !== undefined && known !== 'rate') return operations[known](execution);
    if (known === undefined) {
      throw new PageError(404, `Expected one of ${OPERATION_NAMES.join(', ')}, got ${name.slice(0, 40)}.`);
    }
    if (typeof rate === 'number' && rate >= 0 && rate <= MOST_PER_SECOND) return operations.rate(execution, rate);
    throw new PageError(
      400,
      `Expected a rate from 0 to ${MOST_PER_SECOND}, got ${JSON.stringify(rate)?.slice(0, 40)}.`,
    );
  }

  private guard({ headers }: IncomingMessage): void {
    if (headers.origin !== `http://${headers.host}`) {
      throw new PageError(
        FORBIDDEN,
        'Expected the page itself to ask, got another origin: open the page and ask there.',
      );
    }
    if (headers['content-type'] !== 'application/json') {
      throw new PageError(415, 'Expected JSON, got something else: open the page and ask there.');
    }
    const given = Buffer.from(String(headers['x-page-token'] ?? ''));
    const own = Buffer.from(this.token);
    if (given.length !== own.length || !timingSafeEqual(given, own)) {
      throw new PageError(
        FORBIDDEN,
        'Expected the token of this page, got another: the page was served anew, load it again.',
      );
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<{ readonly execution?: unknown; readonly rate?: unknown }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new PageError(413, `Expected at most ${MOST_BYTES} bytes, got more.`);
    chunks.push(chunk);
  }
  try {
    return (JSON.parse(Buffer.concat(chunks).toString('utf8')) ?? {}) as object;
  } catch {
    throw new PageError(400, 'Expected JSON, got something else: open the page and ask there.');
  }
}
