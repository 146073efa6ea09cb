import { itemTag, traceOf } from '../../functions/email/trace-tags';
import type { Engine } from '../../local/engine';
import type { MailSummary } from '../../local/ses/inbox';
import type { Monitor } from '../../page/monitor';
import type { PageOperations, PageSource } from '../../page/view';
import type { KeptLogs } from './kept-logs';

/** What the page shows: the run as the monitor sees it, and the inbox of the embedded SES; and what operates the runs. */
export interface Shown {
  readonly monitor: Monitor;
  readonly engine: Engine;
  readonly operations: PageOperations;
  readonly logs: KeptLogs;
}

/** The page may be asked before there is anything to show: then it is told so. */
export function pageSource(current: () => Shown | undefined): PageSource {
  const shown = () => {
    const now = current();
    if (!now) throw new Error('The engine is starting.');
    return now;
  };
  return {
    executions: async () => shown().monitor.executions(),
    run: async (executionArn) => shown().monitor.run(executionArn),
    history: async (executionArn, after, limit) => shown().monitor.history(executionArn, after, limit),
    leftovers: async (executionArn) => shown().monitor.leftovers(executionArn),
    async mails({ executionArn, chainId, ...query }) {
      const { engine, monitor } = shown();
      const runId = executionArn === undefined ? undefined : await monitor.runIdOf(executionArn);
      const items = itemTags(query.search);
      const { total, mails } = engine.inbox.list({
        ...query,
        where: ({ tags }) => isOf(tags, runId, chainId),
        orWhere: ({ tags }) => tags.some(([name, value]) => name === 'item' && items.includes(value)),
      });
      return { total, mails: mails.map(summary) };
    },
    async mail(messageId) {
      const mail = await shown().engine.inbox.get(messageId);
      return mail && { ...mail, ...summary(mail), raw: mail.raw.toString('utf8') };
    },
    log: (requestId) => shown().logs.of(requestId),
    operations: {
      stop: async (executionArn) => shown().operations.stop(executionArn),
      redrive: async (executionArn) => shown().operations.redrive(executionArn),
      resume: async (executionArn) => shown().operations.resume(executionArn),
      retry: async (executionArn) => shown().operations.retry(executionArn),
      rate: async (executionArn, itemsPerSecond) => shown().operations.rate(executionArn, itemsPerSecond),
    },
  };
}

function summary({ messageId, sentAt, from, destinations, subject, tags }: MailSummary) {
  const traced = traceOf(Object.fromEntries(tags));
  const { runId, chainId, id } = traced ?? {};
  return {
    ...{ messageId, sentAt: new Date(sentAt).toISOString(), from, to: destinations.join(', '), subject },
    ...(runId !== undefined &&
      chainId !== undefined && { origin: { runId, chainId, ...(id !== undefined && { item: String(id) }) } }),
  };
}

function isOf(tags: MailSummary['tags'], runId: string | undefined, chainId: number | undefined): boolean {
  if (runId === undefined && chainId === undefined) return true;
  const traced = traceOf(Object.fromEntries(tags));
  return (runId === undefined || traced?.runId === runId) && (chainId === undefined || traced?.chainId === chainId);
}

/** The tags of the items that a person may mean by this: ids are text or whole numbers. */
function itemTags(search: string): readonly string[] {
  if (search === '') return [];
  const ids = /^(0|[1-9]\d{0,14})$/.test(search) ? [search, Number(search)] : [search];
  return ids.map((id) => itemTag(id));
}
