import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeptDataError, RecordFile } from '../../../local/dynamodb/record-file';
import { temporaryDirectories } from './directories';

const directory = temporaryDirectories();
const RECORDS = ['{"a":1}', 'é€😀', '', 'x'.repeat(300), '{"a":1}'];

let path: string;
beforeEach(() => {
  path = join(directory(), 'records');
});

/** Opens the file, reads it, and closes it again. */
function recordsOf(file: string): string[] {
  const records: string[] = [];
  RecordFile.open(file, (text) => records.push(text)).close();
  return records;
}

/** Writes the records one by one; returns the length of the file after each, 0 first. */
function write(records: readonly string[]): number[] {
  const file = RecordFile.open(path, () => {});
  const lengths = [0];
  for (const record of records) {
    file.append([record]);
    lengths.push(file.bytes);
  }
  file.close();
  return lengths;
}

test('records come back as they were appended, together or one by one', () => {
  write(RECORDS);
  const file = RecordFile.open(path, () => {});
  file.append(['one', 'two']);
  file.close();

  expect(recordsOf(path)).toEqual([...RECORDS, 'one', 'two']);
});

test('records that are longer than what is read at once come back', () => {
  const records = ['a'.repeat(2_500_000), 'b', 'c'.repeat(1_048_576), 'd'];
  write(records);

  expect(recordsOf(path)).toEqual(records);
});

test('of a file that is cut short at any byte, all records before the cut are read, and more can follow', () => {
  const lengths = write(RECORDS);
  const whole = readFileSync(path);

  for (let cut = 0; cut <= whole.length; cut++) {
    writeFileSync(path, whole.subarray(0, cut));
    const complete = RECORDS.slice(0, lengths.filter((length) => length <= cut).length - 1);
    expect([cut, recordsOf(path)]).toEqual([cut, complete]);
    const file = RecordFile.open(path, () => {});
    file.append(['next']);
    file.close();
    expect([cut, recordsOf(path)]).toEqual([cut, [...complete, 'next']]);
  }
});

test('a byte that was changed anywhere is met by one sentence, and the file stays as it is', () => {
  write(RECORDS);
  const whole = readFileSync(path);

  for (let at = 0; at < whole.length; at++) {
    for (const changed of [whole[at]! ^ 1, 0x0a, 0x30, 0]) {
      if (changed === whole[at]) continue;
      const damaged = Buffer.from(whole);
      damaged[at] = changed;
      writeFileSync(path, damaged);
      expect(() => RecordFile.open(path, () => {})).toThrow(KeptDataError);
      expect(readFileSync(path)).toEqual(damaged);
    }
  }
});

test('the sentence names the record and where it is', () => {
  const [, second] = write(RECORDS);
  const damaged = readFileSync(path);
  damaged[second! + 20]! ^= 1;
  writeFileSync(path, damaged);

  expect(() => RecordFile.open(path, () => {})).toThrow(
    `Expected record 2 of ${path}, at byte ${second}, to be as it was written, got something else: restore the file from a copy, or keep the tables in another directory.`,
  );
});

test.each([
  ['is gone', [0, 1, 3, 4]],
  ['stands twice', [0, 1, 1, 2, 3, 4]],
  ['has changed places', [0, 2, 1, 3, 4]],
])('a record in the middle that %s is noticed', (_, order) => {
  const lengths = write(RECORDS);
  const whole = readFileSync(path);
  writeFileSync(path, Buffer.concat(order.map((index) => whole.subarray(lengths[index], lengths[index + 1]))));

  expect(() => RecordFile.open(path, () => {})).toThrow(KeptDataError);
});

test('a file that was rewritten has the new records alone, and goes on from there', () => {
  write(RECORDS);
  const file = RecordFile.open(path, () => {});
  file.rewrite(['new', 'newer']);
  file.append(['newest']);
  expect(file.bytes).toBe(readFileSync(path).length);
  file.close();

  expect(recordsOf(path)).toEqual(['new', 'newer', 'newest']);
});

test('what a rewriting left behind that was cut short at any byte does no harm', () => {
  write(RECORDS);
  const file = RecordFile.open(`${path}-other`, () => {});
  file.append(['new', 'newer']);
  file.close();
  const replacement = readFileSync(`${path}-other`);

  for (let cut = 0; cut <= replacement.length; cut++) {
    writeFileSync(`${path}.new`, replacement.subarray(0, cut));
    expect(recordsOf(path)).toEqual(RECORDS);
  }
});

test('a rewriting that fails leaves the file as it was, and records can follow', () => {
  write(RECORDS);
  const file = RecordFile.open(path, () => {});
  const failing = function* () {
    yield 'new';
    throw new Error('no more');
  };
  expect(() => file.rewrite(failing())).toThrow('no more');
  file.append(['next']);
  file.close();

  expect(recordsOf(path)).toEqual([...RECORDS, 'next']);
});

test('a file without records is one that was just begun', () => {
  write(RECORDS);
  truncateSync(path);

  expect(recordsOf(path)).toEqual([]);
});
