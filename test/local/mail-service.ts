import { randomUUID } from 'node:crypto';
import { systemClock as clock } from '../../functions/contract/clock';
import type { Service } from '../../local/aws-service';
import { type HttpServer, startHttpServer } from '../../local/http/aws-server';
import { Inbox } from '../../local/ses/inbox';
import { Ses } from '../../local/ses/ses-service';

/** An SES elsewhere, which accepts mails to some readers without ever answering. */
export class SilentMailService {
  readonly inbox = new Inbox();
  private silentFor?: string;

  private constructor(private server: HttpServer | undefined) {}

  static async open(): Promise<SilentMailService> {
    const service = new SilentMailService(undefined);
    const ses = new Ses({
      clock,
      maxSendRate: 2000,
      max24HourSend: -1,
      randomId: randomUUID,
      inbox: service.inbox,
    });
    const answering: Service = {
      async handle(operation, input) {
        const answer = await ses.handle(operation, input);
        const destinations = (input.Destinations ?? []) as readonly string[];
        if (service.silentFor !== undefined && destinations.includes(service.silentFor)) await new Promise(() => {});
        return answer;
      },
    };
    service.server = await startHttpServer({ port: 0, services: { ses: answering } });
    return service;
  }

  get url(): string {
    return (this.server as HttpServer).url;
  }

  /** Accepts mails to this address from now on, but does not say so. */
  silence(address: string): void {
    this.silentFor = address;
  }

  async close(): Promise<void> {
    await this.server?.close();
    this.inbox.close();
  }
}
