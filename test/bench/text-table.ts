/** One column: its heading, and how a row's value is written. */
export interface Column<Row> {
  readonly heading: string;
  readonly text: (row: Row) => string;
}

/** Rows in aligned columns: words to the left, numbers to the right. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map(({ text }) => text(row)));
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...cells.map((row) => (row[index] as string).length)),
  );
  const isNumber = columns.map((_, index) =>
    cells.every((row) => /^[-$]?[\d.,]+( ?[%×])?$|^–$/.test(row[index] as string)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) =>
        isNumber[index] ? text.padStart(widths[index] as number) : text.padEnd(widths[index] as number),
      )
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ heading }) => heading)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...cells.map(line),
  ].join('\n');
}

export function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}

export function percent(share: number, digits = 2): string {
  return `${(share * 100).toFixed(digits)} %`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function dollars(value: number): string {
  return `$${value.toFixed(3)}`;
}
