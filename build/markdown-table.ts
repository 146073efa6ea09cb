/** A table of Markdown. Cells may hold Markdown of one line; a `|` in them is escaped, which is needed in code spans too. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** A code span, also of a text with backticks or blanks at its ends. */
export function codeSpan(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  const space = fence === '``' || text.startsWith(' ') ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}
