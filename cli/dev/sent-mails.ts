import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import type { Engine } from '../../local/engine';

/** The mails that SES has accepted since the run began: the inbox, or what another SES says. */
export class SentMails {
  private before = 0;
  /** What another SES said last. */
  private elsewhere = 0;

  constructor(private readonly engine: Engine) {}

  /** As far as is known without asking. */
  get count(): number {
    const all = this.isHere() ? this.engine.inbox.size : this.elsewhere;
    return Math.max(0, all - this.before);
  }

  /** The run begins with what there is now. Answers how many mails that is. */
  async begin(): Promise<number> {
    await this.refresh();
    this.before = this.isHere() ? this.engine.inbox.size : this.elsewhere;
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
