import { errorName } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import type { SendWindow } from '../contract/send-window';
import { ZonedWindow } from '../contract/zoned-window';
import type { LoadedItem } from './process-item';

/** Under this code an item is unprocessed for which the window's `zoneOf` threw. */
const ZONE_FAULT = 'SendWindow.ZoneOf';

/** An item whose time zone is known, where each has its own. */
export interface ZonedItem extends LoadedItem {
  /** @default - that of the job */
  readonly zone?: string;
}

/** In which hours the items of a job may be started: all of them in those of the job, or each in its own. */
export class ItemHours {
  private readonly hours: ZonedWindow | undefined;

  /** @param window the job's. @default - at any time */
  constructor(
    private readonly window: SendWindow | undefined,
    private readonly clock: Clock,
  ) {
    this.hours = window && new ZonedWindow(window);
  }

  /**
   * When the window of the whole job opens, in milliseconds since the epoch; undefined if it is open, or if there is none, or
   * each item has its own.
   */
  jobOpensAt(): number | undefined {
    return this.window?.zoneOf ? undefined : this.opensIn(undefined);
  }

  /** When an item's own window opens; undefined if it is open, or if items have none, or there is nothing to be started. */
  itemOpensAt({ zone, data, fault }: ZonedItem): number | undefined {
    return this.window?.zoneOf && data !== undefined && !fault ? this.opensIn(zone) : undefined;
  }

  /** The same item, with its zone where each has its own. One whose zone cannot be told is at fault. */
  withZone(item: LoadedItem): ZonedItem {
    if (!this.window?.zoneOf || item.data === undefined || item.fault) return item;
    try {
      const zone = this.window.zoneOf(item.data);
      return typeof zone === 'string' ? { ...item, zone } : item;
    } catch (error) {
      const message = `The job's \`sendWindow.zoneOf\` threw ${errorName(error)}: ${(error as Error | undefined)?.message}`;
      return { ...item, fault: { code: ZONE_FAULT, message } };
    }
  }

  /** @param zone of an item. @default - the job's, as for a zone that nobody knows */
  private opensIn(zone: string | undefined): number | undefined {
    if (!this.window || !this.hours) return undefined;
    const now = this.clock.now();
    const own = zone === undefined ? undefined : this.hours.openingIn(zone, now);
    const opening = own ?? this.hours.openingIn(this.window.zone, now);
    return opening && !opening.open ? opening.opensAt : undefined;
  }
}
