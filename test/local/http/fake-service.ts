import type { Service } from '../../../local/aws-service';

type Reply = Record<string, unknown> | Error | ((input: Record<string, unknown>) => Promise<Record<string, unknown>>);

/** A service that answers each operation as it was told to, and remembers what it was asked. */
export class FakeService implements Service {
  readonly calls: { readonly operation: string; readonly input: Record<string, unknown> }[] = [];

  constructor(private readonly replies: Record<string, Reply> = {}) {}

  on(operation: string, reply: Reply): void {
    this.replies[operation] = reply;
  }

  async handle(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    this.calls.push({ operation, input });
    const reply = this.replies[operation] ?? {};
    if (reply instanceof Error) throw reply;
    return typeof reply === 'function' ? reply(input) : reply;
  }
}

/** What every SDK client in these tests is built with. */
export function clientOptions(url: string) {
  return {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
}
