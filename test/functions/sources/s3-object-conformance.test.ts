import { gzipSync } from 'node:zlib';
import type { ItemId, S3ObjectOptions } from 'worker-chains';
import { describeSource } from 'worker-chains/testing';
import { ObjectStore } from './object-store';

/** Rows of any length, one in three with a line break within quotes, one in five with an empty line after it. */
function csvOf(ids: readonly ItemId[], lineEnd: string): string {
  const rows = ids.map((id, index) => {
    const note = 'é"😀,'.repeat(index % 7) + (index % 3 === 0 ? '\n' : '');
    return `${id},"${note.replaceAll('"', '""')}"${index % 5 === 0 ? lineEnd : ''}`;
  });
  return ['\ufeffid,note', ...rows].join(lineEnd);
}

function ndjsonOf(ids: readonly ItemId[]): string {
  return ids.map((id, index) => `${JSON.stringify({ id, note: 'é"\n'.repeat(index % 7) })}\n`).join('');
}

function worldOf(contentOf: (ids: readonly ItemId[]) => string | Buffer, options: Partial<S3ObjectOptions> = {}) {
  return (ids: readonly ItemId[]) => {
    const store = new ObjectStore();
    store.put(contentOf(ids));
    return { source: store.source(options) };
  };
}

const text = { id: (index: number) => `00${index + 1}` };

describeSource(
  's3Object() of CSV',
  worldOf((ids) => csvOf(ids, '\n')),
  text,
);

describeSource(
  's3Object() of CSV with other line ends',
  worldOf((ids) => `${csvOf(ids, '\r\n')}\r\n\r\n`),
  text,
);

describeSource(
  's3Object() of compressed CSV',
  worldOf((ids) => gzipSync(csvOf(ids, '\n'))),
  text,
);

describeSource('s3Object() of NDJSON', worldOf(ndjsonOf, { format: 'ndjson' }), {
  id: (index) => (index % 2 === 0 ? index : String(index)),
});

describeSource(
  's3Object() of lines that cannot be read',
  worldOf((ids) => ids.map(() => 'x\n').join(''), { format: 'ndjson' }),
  {
    id: (index) => `line ${index + 1}`,
    gaps: false,
  },
);
