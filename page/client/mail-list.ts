import type { MailPage } from '../view';
import { getJson, sentenceOf } from './connection';

export const MAILS_PER_PAGE = 50;

interface Query {
  readonly search: string;
  readonly offset: number;
}

/** A page of the inbox, as it was asked for last. */
export class MailList {
  query: Query = { search: '', offset: 0 };
  /** Absent until the first page has come. */
  page?: MailPage;
  /** Why the page that was asked for is not there. */
  problem?: string | undefined;
  private arrived = 0;
  /** What the page was asked with: asked again only if the inbox has grown, or something else is wanted. */
  private loadedKey?: string;

  /** @param onChange called whenever something else is to be shown */
  constructor(private readonly onChange: () => void) {}

  async ask(query: Query): Promise<void> {
    this.query = query;
    try {
      await this.fetch();
    } catch (error) {
      this.problem = sentenceOf(error);
      this.onChange();
    }
  }

  /**
   * Asks again if mails have arrived.
   *
   * @param arrived mails in the inbox
   * @throws RequestError where the server answers with an error: its sentence
   */
  async load(arrived: number): Promise<void> {
    this.arrived = arrived;
    await this.fetch();
  }

  private async fetch(): Promise<void> {
    const { query } = this;
    // A later page stays as it is while mails arrive: it would slide away under the reader.
    const key = JSON.stringify(query.offset === 0 ? [query, this.arrived] : query);
    if (key === this.loadedKey) return;
    const { search, offset } = query;
    const parameters = new URLSearchParams({ search, offset: String(offset), limit: String(MAILS_PER_PAGE) });
    const page = await getJson<MailPage>(`/api/mails?${parameters}`);
    if (query !== this.query) return;
    this.loadedKey = key;
    this.page = page;
    this.problem = undefined;
    this.onChange();
  }
}
