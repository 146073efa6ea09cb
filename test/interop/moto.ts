import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { systemClock as clock, sleep } from '../../functions/contract/clock';

/** How long moto may take to import itself and listen: three seconds on an idle machine. */
const START_MILLISECONDS = 60_000;
/** What is kept of its standard error, to be shown if it does not start. In characters. */
const KEPT_OUTPUT = 4000;

/** A moto server of one's own, on a free port: DynamoDB, SES, and an interpreter of state machines. */
export class Moto {
  private printed = '';

  /** @param lambdaEndpoint where its Step Functions invoke functions */
  static start(lambdaEndpoint: string): Promise<Moto> {
    return Moto.serve([join(__dirname, 'moto_step_functions.py')], { AWS_ENDPOINT_URL_LAMBDA: lambdaEndpoint });
  }

  /** As it is installed, with a Step Functions that executes nothing: it is the one that its CloudFormation deploys to. */
  static plain(): Promise<Moto> {
    return Moto.serve(['-m', 'moto.server'], {});
  }

  private static async serve(program: readonly string[], variables: Readonly<Record<string, string>>): Promise<Moto> {
    const server = spawn('python3', [...program, '--host', '127.0.0.1', '--port', '0'], {
      env: { ...process.env, ...variables, PYTHONUNBUFFERED: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const moto = new Moto(server);
    await moto.listening();
    return moto;
  }

  private constructor(private readonly server: ChildProcess) {
    // A referee that fails before it closes moto is not to leave it behind.
    process.once('exit', this.kill);
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.printed = this.url === undefined ? (this.printed + text).slice(-KEPT_OUTPUT) : this.printed;
    });
    server.once('error', (error) => {
      this.printed += error.message;
    });
  }

  get endpoint(): string {
    if (this.url === undefined) throw new Error('Expected moto to listen, got no address from it: wait for `start`.');
    return this.url;
  }

  /**
   * Mails by recipient, as moto recorded them. Its record has the recipient of a raw mail twice, as destination and
   * from the header `To`; a mail counts once.
   */
  async mailsByRecipient(): Promise<ReadonlyMap<string, number>> {
    const answer = await fetch(`${this.endpoint}/moto-api/data.json`);
    const { ses } = (await answer.json()) as { ses: { RawMessage: readonly { destinations: readonly string[] }[] } };
    const counts = new Map<string, number>();
    for (const { destinations } of ses.RawMessage) {
      const addresses = new Set(destinations.map((destination) => /<([^<>]+)>$/.exec(destination)?.[1] ?? destination));
      for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
    }
    return counts;
  }

  close(): void {
    process.off('exit', this.kill);
    this.kill();
  }

  private get url(): string | undefined {
    return /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(this.printed)?.[1];
  }

  private async listening(): Promise<void> {
    const giveUpAt = clock.now() + START_MILLISECONDS;
    while (this.url === undefined) {
      if (this.server.exitCode !== null || this.server.pid === undefined || clock.now() > giveUpAt) {
        this.close();
        throw new Error(
          `Expected moto to start, got this: install it with pip install 'moto[all,server]'.\n${this.printed}`,
        );
      }
      await sleep(clock, 50);
    }
  }

  private readonly kill = () => {
    this.server.kill();
  };
}
