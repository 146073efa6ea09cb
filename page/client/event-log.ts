import type { HistoryEvent } from '../view';
import { getJson } from './connection';
import { type EventContext, type ExplainedEvent, explainEvents } from './history-context';

/** As many as the server gives at once. */
const EVENTS_PER_REQUEST = 1000;

/** Every event of the execution that was asked for last, as far as it is fetched. */
export class EventLog {
  /** Of the execution that the events belong to. */
  arn = '';
  rows: readonly ExplainedEvent[] = [];
  private contexts = new Map<number, EventContext>();

  /** @param onChange called whenever events have arrived */
  constructor(private readonly onChange: () => void) {}

  /**
   * Fetches what is new, in steps until there is no more.
   *
   * @throws RequestError where the server answers with an error: its sentence
   */
  async load(arn: string): Promise<void> {
    if (arn !== this.arn) {
      this.arn = arn;
      this.rows = [];
      this.contexts = new Map();
    }
    for (;;) {
      const after = this.rows.at(-1)?.event.id ?? 0;
      const parameters = new URLSearchParams({
        execution: arn,
        after: String(after),
        limit: String(EVENTS_PER_REQUEST),
      });
      const { events } = await getJson<{ readonly events: readonly HistoryEvent[] }>(`/api/history?${parameters}`);
      // Another execution was asked for meanwhile, or the same events twice: they are not to be added.
      if (arn !== this.arn || after !== (this.rows.at(-1)?.event.id ?? 0) || events.length === 0) return;
      this.rows = [...this.rows, ...explainEvents(events, this.contexts)];
      this.onChange();
      if (events.length < EVENTS_PER_REQUEST) return;
    }
  }
}
