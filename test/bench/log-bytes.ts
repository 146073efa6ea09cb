import type { LinkReport } from '../../functions/chain/link-report';
import { METRICS } from '../../functions/contract/names';
import { observeLink } from '../../functions/observability';

/** START, END and REPORT, as Lambda itself writes them for an invocation. */
const PLATFORM_BYTES = 400;
const PLATFORM_LINES = 3;
/** What CloudWatch Logs adds to each line that it takes in. */
const BYTES_PER_LINE = 26;

/** Metrics of a run: one series each, because all have the same dimensions. */
export const METRIC_SERIES = Object.keys(METRICS).length;

/** Bytes that CloudWatch Logs bills for one link: what the handler really prints for this report, and Lambda's lines. */
export function logBytesOf(report: LinkReport): number {
  const printed = capture(() => observeLink(report));
  const lines = printed.split('\n').filter((line) => line !== '').length;
  return Buffer.byteLength(printed) + PLATFORM_BYTES + (lines + PLATFORM_LINES) * BYTES_PER_LINE;
}

/** Powertools prints through a console of its own, but on this process's streams. */
function capture(print: () => void): string {
  let text = '';
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(({ write }) => write);
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      text += chunk.toString();
      return true;
    }) as typeof stream.write;
  }
  try {
    print();
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] as typeof stream.write;
  }
  return text;
}
