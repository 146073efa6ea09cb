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
    async mails(query) {
      const { total, mails } = shown().engine.inbox.list(query);
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

function summary({ messageId, sentAt, from, destinations, subject }: MailSummary) {
  return { messageId, sentAt: new Date(sentAt).toISOString(), from, to: destinations.join(', '), subject };
}
