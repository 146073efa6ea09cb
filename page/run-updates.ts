import { randomBytes } from 'node:crypto';
import { deltaOf } from './delta';
import type { PageSource, RunUpdate, RunView } from './view';

/** Views that pages may still be at: each page that is open adds one whenever it asks. */
const MOST_VERSIONS = 24;

/** The run as it stands, told to each page as what has changed since it asked last. */
export class RunUpdates {
  /** Of this server: a page that was served by another is at none of its versions. */
  private readonly server = randomBytes(6).toString('base64url');
  private readonly views = new Map<string, RunView>();
  private count = 0;

  constructor(private readonly source: Pick<PageSource, 'run'>) {}

  /**
   * @param executionArn as for `PageSource.run`
   * @param since version that the page is at: where it is not known any more, the answer is whole
   */
  async read(executionArn: string | undefined, since: string | undefined): Promise<RunUpdate> {
    const run = await this.source.run(executionArn);
    this.count += 1;
    const version = `${this.server}-${this.count}`;
    this.views.set(version, run);
    const [oldest] = this.views.keys();
    if (this.views.size > MOST_VERSIONS && oldest !== undefined) this.views.delete(oldest);
    const before = since === undefined ? undefined : this.views.get(since);
    if (before === undefined || since === undefined) return { version, run };
    const changes = deltaOf(before, run);
    return { version, since, ...(changes !== undefined && { changes }) };
  }
}
