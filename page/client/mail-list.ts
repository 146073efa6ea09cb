import type { MailPage } from '../view';
import { getJson, sentenceOf } from './connection';

export const MAILS_PER_PAGE = 50;

export interface InboxQuery {
  readonly search: string;
  readonly offset: number;
  /** Mails of every run, not only of the one that is shown. */
  readonly ofAllRuns: boolean;
  /** Number of the chain whose mails alone are wanted. */
  readonly chain?: number | undefined;
}

/** A page of the inbox, as it was asked for last. */
export class MailList {
  query: InboxQuery = { search: '', offset: 0, ofAllRuns: false };
  /** Absent until the first page has come. */
  page?: MailPage | undefined;
  /** Why the page that was asked for is not there. */
  problem?: string | undefined;
  private arrived = 0;
  /** The execution that is shown. */
  private arn: string | undefined;
  /** What the page was asked with: asked again only if the inbox has grown, or something else is wanted. */
  private loadedKey?: string;

  /** @param onChange called whenever something else is to be shown */
  constructor(private readonly onChange: () => void) {}

  async ask(query: InboxQuery): Promise<void> {
    this.query = query;
    try {
      await this.fetch();
    } catch (error) {
      this.problem = sentenceOf(error);
      this.onChange();
    }
  }

  /**
   * Asks again if mails have arrived, or another execution is shown.
   *
   * @param arrived mails of its run
   * @throws RequestError where the server answers with an error: its sentence
   */
  async load(arn: string | undefined, arrived: number): Promise<void> {
    if (arn !== this.arn) this.query = { ...this.query, offset: 0 };
    this.arn = arn;
    this.arrived = arrived;
    await this.fetch();
  }

  private async fetch(): Promise<void> {
    const { query, arn } = this;
    const { search, offset, ofAllRuns, chain } = query;
    // A later page stays as it is while mails arrive: it would slide away under the reader.
    const key = JSON.stringify(offset === 0 ? [query, arn, this.arrived] : [query, arn]);
    if (key === this.loadedKey) return;
    const parameters = new URLSearchParams({
      ...(arn !== undefined && !ofAllRuns && { execution: arn }),
      ...(chain !== undefined && { chain: String(chain) }),
      ...{ search, offset: String(offset), limit: String(MAILS_PER_PAGE) },
    });
    const page = await getJson<MailPage>(`/api/mails?${parameters}`);
    if (query !== this.query || arn !== this.arn) return;
    this.loadedKey = key;
    this.page = page;
    this.problem = undefined;
    this.onChange();
  }
}
