import { incompleteBody, invalidRequest } from '../s3/s3-errors';

const NEWLINE = 0x0a;
/** More than a chunk's head or a trailer ever takes: a size and a signature, a name and a checksum. */
const MAX_LINE_BYTES = 4096;

/**
 * The object in a body with the content encoding `aws-chunked`: chunks, each after a line with its size in hexadecimal
 * digits and maybe a signature, which nothing here checks; the empty one is the last, and trailers follow it.
 *
 * @param trailer called with each line that follows, its name in lower case
 * @throws S3Error where the body is something else, or ends before its last chunk
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  trailer: (name: string, value: string) => void,
): AsyncGenerator<Uint8Array> {
  const input = new Input(body);
  try {
    yield* chunks(input);
    for (let line = await input.trailerLine(); line !== undefined; line = await input.trailerLine()) {
      const colon = line.indexOf(':');
      if (colon > 0) trailer(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  } finally {
    await input.end();
  }
}

async function* chunks(input: Input): AsyncGenerator<Uint8Array> {
  for (;;) {
    const size = chunkSize(await input.line());
    if (size === 0) return;
    yield* input.take(size);
    if ((await input.line()) !== '') throw invalidRequest('Expected a chunk to end where its size says, got more.');
  }
}

function chunkSize(line: string): number {
  const [, digits] = /^([0-9a-f]{1,8})(;.*)?$/i.exec(line) ?? [];
  if (digits !== undefined) return Number.parseInt(digits, 16);
  throw invalidRequest(`Expected the size of a chunk in hexadecimal digits, got '${line.slice(0, 40)}'.`);
}

/** Lines and counted bytes of a stream, wherever its pieces are cut. */
class Input {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private buffered: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Uint8Array>) {
    this.pieces = body[Symbol.asyncIterator]();
  }

  /** @throws S3Error where the stream ends first */
  async line(): Promise<string> {
    let end = this.buffered.indexOf(NEWLINE);
    while (end < 0) {
      if (this.buffered.length > MAX_LINE_BYTES) throw invalidRequest('Expected a line of a chunked body, got none.');
      if (!(await this.more())) throw incompleteBody();
      end = this.buffered.indexOf(NEWLINE);
    }
    const line = this.buffered.toString('latin1', 0, end).replace(/\r$/, '');
    this.buffered = this.buffered.subarray(end + 1);
    return line;
  }

  /** Undefined at the end of the stream, which may come without a last empty line. */
  async trailerLine(): Promise<string | undefined> {
    return this.buffered.length > 0 || (await this.more()) ? this.line() : undefined;
  }

  /** @throws S3Error where the stream ends first */
  async *take(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.buffered.length === 0 && !(await this.more())) throw incompleteBody();
      const piece = this.buffered.subarray(0, left);
      this.buffered = this.buffered.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  /** Nothing more is asked for: whoever has the stream may let it flow. */
  async end(): Promise<void> {
    await this.pieces.return?.();
  }

  /** Whether there was anything more. */
  private async more(): Promise<boolean> {
    let { value, done } = await this.pieces.next();
    while (!done && value.length === 0) ({ value, done } = await this.pieces.next());
    if (done) return false;
    this.buffered = this.buffered.length === 0 ? asBuffer(value) : Buffer.concat([this.buffered, value]);
    return true;
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
