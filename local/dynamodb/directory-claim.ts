import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { KeptDataError } from './record-file';

/** A process; `started` tells it from a later one with its number. Empty where the system does not say. */
interface Holder {
  readonly pid: number;
  readonly started: string;
}

/**
 * Claims a directory for this process, so that no two write into one log. Returns what gives it back; a process that ends
 * without doing so holds it no longer.
 *
 * @param what the process keeps there; each has a claim of its own, because each service may be elsewhere
 * @throws KeptDataError where another process has it
 */
export function claimDirectory(directory: string, what: 'tables' | 'objects' = 'tables'): () => void {
  const path = join(directory, `${what}.lock`);
  const mine: Holder = { pid: process.pid, started: processStart(process.pid) ?? '' };
  for (;;) {
    try {
      const fd = openSync(path, 'wx');
      writeSync(fd, JSON.stringify(mine));
      closeSync(fd);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = read(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new KeptDataError(
        `Expected ${directory} to be free, got process ${holder.pid}, which keeps its ${what} there: end it, or name another directory.`,
      );
    }
    rmSync(path, { force: true });
  }
}

/** Undefined for a file whose process died before it had written its number, and for one that is just gone. */
function read(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process is one, too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === '' || processStart(pid) === started;
}

/**
 * When a process started, in ticks since the machine did (proc(5): /proc/PID/stat, field 22). Undefined for one that has
 * ended, also where its parent has not yet read how, and where there is no /proc.
 */
function processStart(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the command in parentheses, which may contain anything: the third one comes after the last.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}
