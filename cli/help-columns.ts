const COLUMNS = 80;
/** Where a long usage line goes on. */
const USAGE_INDENT = 6;

/** Help in 80 columns: what is longer goes on below where its text begins. */
export function inColumns(text: string): string {
  return text.split('\n').flatMap(wrapped).join('\n');
}

function wrapped(line: string): string[] {
  if (line.length <= COLUMNS) return [line];
  // The column of the brief: behind the last gap of two blanks or more, in a row of options or commands.
  const column = /^( *\S.*? {2,})\S/.exec(line)?.[1]?.length ?? (line.startsWith(' ') ? USAGE_INDENT : 0);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > COLUMNS) {
    const end = rest.lastIndexOf(' ', COLUMNS);
    const from = lines.length === 0 ? column : rest.search(/\S/);
    if (end <= from) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = ' '.repeat(column) + rest.slice(end + 1).trimStart();
  }
  return [...lines, rest];
}
