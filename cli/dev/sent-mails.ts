import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import { runTag } from '../../functions/email/trace-tags';
import type { Engine } from '../../local/engine';
import type { TotalsView } from '../../page/view';

/** The mails that SES has accepted: those in the inbox, each of which names its run; or what another SES says. */
export class SentMails {
  /** Of the inbox, by what a mail is tagged with; as far as it was counted. */
  private readonly counts = new Map<string, number>();
  private counted = 0;
  /** Of another SES, when the run began and last. */
  private before = 0;
  private elsewhere = 0;

  constructor(private readonly engine: Pick<Engine, 'client' | 'endpoints' | 'inbox' | 'url'>) {}

  /** Of a run, as far as is known without asking; another SES tells only of all since the first one began. */
  of(runId: string | undefined): Pick<TotalsView, 'mails' | 'mailsOfAllRuns'> {
    if (!this.isHere()) return { mails: Math.max(0, this.elsewhere - this.before), mailsOfAllRuns: true };
    for (const { tags } of this.engine.inbox.summaries(this.counted)) {
      this.counted += 1;
      for (const [name, value] of tags) {
        if (name === 'run') this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
      }
    }
    return { mails: runId === undefined ? 0 : (this.counts.get(runTag(runId).Value) ?? 0) };
  }

  /** The run begins with what there is now. Answers how many mails that is. */
  async begin(): Promise<number> {
    await this.refresh();
    this.before = this.elsewhere;
    return this.before;
  }

  /** The run began when there were so many mails. */
  beginAt(mails: number): void {
    this.before = mails;
  }

  /** Asks another SES. */
  async refresh(): Promise<void> {
    if (this.isHere()) return;
    const ses = new SESClient(this.engine.client('ses'));
    const { SentLast24Hours = 0 } = await ses.send(new GetSendQuotaCommand({}));
    ses.destroy();
    this.elsewhere = SentLast24Hours;
  }

  private isHere(): boolean {
    return this.engine.endpoints.ses === this.engine.url;
  }
}
