/** The names of a message's headers, in order, and those of its parts: what an injection would change. */
export interface Shape {
  readonly headers: readonly string[];
  readonly parts: readonly Shape[];
}

const LONGEST_LINE = 998;

/**
 * Reads a message as the strictest of readers would: lines end with CRLF and with nothing else, are ASCII and of at most
 * 998 octets, and every header line has a name.
 *
 * @throws Error where one is not so
 */
export function shapeOf(raw: string): Shape {
  const lines = raw.split('\r\n');
  for (const line of lines) {
    if (!/^[\t -~]*$/.test(line)) throw new Error('a character that is not printable ASCII');
    if (line.length > LONGEST_LINE) throw new Error(`a line of ${line.length} octets`);
  }
  return shapeOfLines(lines);
}

function shapeOfLines(lines: readonly string[]): Shape {
  const end = lines.indexOf('');
  if (end < 0) throw new Error('headers that do not end');
  const headers: string[] = [];
  for (const line of lines.slice(0, end)) {
    if (/^[ \t]/.test(line) && headers.length > 0) {
      // RFC 5322, 3.2.2: a line of blanks alone may be read as the end of the headers.
      if (line.trim() === '') throw new Error('a folded line of blanks alone');
      headers[headers.length - 1] += line;
    } else if (/^[!-9;-~]+:/.test(line)) headers.push(line);
    else throw new Error('a header line without a name');
  }
  const names = headers.map((header) => header.slice(0, header.indexOf(':')));
  const boundary = /^content-type:\s*multipart\/.*?boundary="?([^";]+)"?/i.exec(
    headers.find((header) => /^content-type:/i.test(header)) ?? '',
  )?.[1];
  return { headers: names, parts: boundary === undefined ? [] : partsOf(lines.slice(end + 1), boundary) };
}

function partsOf(lines: readonly string[], boundary: string): Shape[] {
  const starts = lines.flatMap((line, index) => (line === `--${boundary}` ? [index] : []));
  const end = lines.indexOf(`--${boundary}--`);
  if (end < 0) throw new Error('parts that do not end');
  return starts.map((start, index) => shapeOfLines(lines.slice(start + 1, starts[index + 1] ?? end)));
}
