import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory outside of the repository, as an author of jobs has one. */
export class JobFiles {
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'worker-chains-jobs-')));

  /** Writes a file. Returns its path. */
  write(name: string, code: string): string {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
    return path;
  }

  /** Writes the file of a job that says `words` for each of its items. */
  writeJob(name: string, words = name): string {
    return this.write(`${name}.ts`, jobCode(name, words));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A job as its author writes it. */
export function jobCode(name: string, words = name): string {
  return `
    import { defineJob, idRange, type ItemId } from 'worker-chains';
    export default defineJob<string>({
      name: ${JSON.stringify(name)},
      source: idRange(),
      load: async (ids) => new Map(ids.map((id: ItemId) => [id, ${JSON.stringify(words)}])),
      process: (words) => console.log(words),
    });
  `;
}
