import type { ChainLogs } from '../view';

type CloudWatchLogs = Extract<ChainLogs, { readonly place: 'CloudWatch' }>;

/** Log lines arrive a little later than they say, and the clocks of two services differ. */
const MARGIN_MILLISECONDS = 60_000;

/**
 * The console's page of what an invocation wrote to its log. The console wants what follows its `#` encoded as a whole,
 * with `$` for `%`. In the partition `aws`.
 *
 * @param from in milliseconds since 1970-01-01T00:00:00Z
 * @param until the same
 */
export function logHref({ region, logGroup }: CloudWatchLogs, requestId: string, from: number, until: number): string {
  const search = [
    ['filterPattern', `"${requestId}"`],
    ['start', String(from - MARGIN_MILLISECONDS)],
    ['end', String(until + MARGIN_MILLISECONDS)],
  ].map(([name, value = '']) => `${name}=${encodeURIComponent(value)}`);
  const events = encodeURIComponent(`?${search.join('&')}`);
  // A name is encoded twice: `/` becomes `$252F`.
  const group = encodeURIComponent(encodeURIComponent(logGroup));
  const place = `log-groups/log-group/${group}/log-events${events}`.replaceAll('%', '$');
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:${place}`;
}
