import type { Engine } from '../../local/engine';
import type { MailSummary } from '../../local/ses/inbox';
import type { Monitor } from '../../page/monitor';
import type { PageSource } from '../../page/view';

/** What the page shows: the run as the monitor sees it, and the inbox of the embedded SES. */
export interface Shown {
  readonly monitor: Monitor;
  readonly engine: Engine;
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
    async mails(query) {
      const { total, mails } = shown().engine.inbox.list(query);
      return { total, mails: mails.map(summary) };
    },
    async mail(messageId) {
      const mail = await shown().engine.inbox.get(messageId);
      return mail && { ...mail, ...summary(mail), raw: mail.raw.toString('utf8') };
    },
  };
}

function summary({ messageId, sentAt, from, destinations, subject }: MailSummary) {
  return { messageId, sentAt: new Date(sentAt).toISOString(), from, to: destinations.join(', '), subject };
}
