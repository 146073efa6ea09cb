import type { Engine } from '../local/engine';
import type { MailSummary } from '../local/ses/inbox';
import type { Monitor } from './monitor';
import type { ExecutionSummary, PageSource, RunView } from './view';

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
    executions: async () => known(shown().monitor.view()),
    async run(executionArn) {
      const view = shown().monitor.view();
      refuseUnknown(view, executionArn);
      return { ...view, executions: known(view) };
    },
    async history(executionArn, after, limit) {
      refuseUnknown(shown().monitor.view(), executionArn);
      return shown().monitor.history(after, limit);
    },
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

/** The one execution that the monitor follows. */
function known({ execution }: RunView): readonly ExecutionSummary[] {
  if (!execution) return [];
  const { arn, name, status, startDate, stopDate, redriveCount, input } = execution;
  const { job } = (input ?? {}) as { readonly job?: string };
  const stateMachine = arn.split(':').at(-2) ?? '';
  return [
    {
      arn,
      name,
      stateMachine,
      ...(job !== undefined && { job }),
      status,
      startDate,
      ...(stopDate !== undefined && { stopDate }),
      redriveCount,
    },
  ];
}

function refuseUnknown({ execution }: RunView, executionArn: string | undefined): void {
  if (executionArn === undefined || executionArn === execution?.arn) return;
  throw new Error(`Expected an execution that ran here, got ${executionArn}: take one from the list of executions.`);
}

function summary({ messageId, sentAt, from, destinations, subject }: MailSummary) {
  return { messageId, sentAt: new Date(sentAt).toISOString(), from, to: destinations.join(', '), subject };
}
