import { printable } from './printable';

/** What a command prints on stdout: JSON lines for programs, a table for people. */

type Cell = string | number | undefined;

/** One line of JSON. */
export function print(value: object): void {
  process.stdout.write(`${printable(JSON.stringify(value))}\n`);
}

/** One line for people. */
export function say(sentence: string): void {
  process.stdout.write(`${printable(sentence)}\n`);
}

/** Lines with their columns one below the other, numbers to the right. A column of which no row has anything is left out, and all of it where there is no row. */
export function printTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): void {
  if (rows.length === 0) return;
  const kept = columns.flatMap((_, index) => (rows.some((row) => (row[index] ?? '') !== '') ? [index] : []));
  const isNumber = kept.map((index) => rows.every((row) => typeof (row[index] ?? 0) === 'number'));
  const lines = [kept.map((index) => columns[index] as string)].concat(
    rows.map((row) => kept.map((index) => printable(String(row[index] ?? '')))),
  );
  const widths = kept.map((_, column) => Math.max(...lines.map((line) => (line[column] as string).length)));
  for (const line of lines) {
    const cells = line.map((cell, column) => {
      const width = widths[column] as number;
      return isNumber[column] ? cell.padStart(width) : cell.padEnd(width);
    });
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
}

/** A time of the clock, UTC, to the second. */
export function moment(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A duration as people say it. */
export function durationOf(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 360) / 10} h`;
}
