/**
 * What CloudWatch gives to the function behind a custom widget. A string that it answers is HTML, from which scripts are
 * taken away: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html. Only
 * what is read here is listed; every part may be absent where a person invokes the function.
 */
export interface WidgetEvent {
  /** True where somebody who edits a dashboard asks what the widget shows: the answer is Markdown then. */
  readonly describe?: boolean;
  readonly widgetContext?: {
    /** Of the dashboard: UTC, or that of the viewer's browser. */
    readonly timezone?: {
      /** `+02:00` */
      readonly offsetISO?: string;
    };
  };
}

/** The clock by which a dashboard shows times. */
export interface DashboardClock {
  /** `UTC`, `UTC+02:00` */
  readonly name: string;
  readonly minutesAheadOfUtc: number;
}

const OFFSET = /^([+-])(\d\d):(\d\d)$/;

/** That of the dashboard that asks, with its present offset; UTC where it names none. */
export function clockOf({ widgetContext }: WidgetEvent): DashboardClock {
  const [offset, sign, hours, minutes] = OFFSET.exec(widgetContext?.timezone?.offsetISO ?? '') ?? [];
  const ahead = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return ahead === 0
    ? { name: 'UTC', minutesAheadOfUtc: 0 }
    : { name: `UTC${offset}`, minutesAheadOfUtc: sign === '-' ? -ahead : ahead };
}
