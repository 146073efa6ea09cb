import { type ChildProcess, spawn } from 'node:child_process';

export interface Result {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Longer than the slowest takes on a busy machine: an installation from a registry that is far away. */
const MOST_MILLISECONDS = 5 * 60_000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) killGroup(child);
});

/** A command in a directory, and whatever it starts: gone when it has ended, when it takes too long, or when this process ends. */
export class Command {
  readonly result: Promise<Result>;
  private readonly child: ChildProcess;
  private stdout = '';
  private stderr = '';
  private printed: () => void = () => {};

  constructor(directory: string, [name, ...args]: readonly [string, ...string[]]) {
    const started = performance.now();
    this.child = spawn(name, args, { cwd: directory, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.printed();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.printed();
    });
    const impatience = setTimeout(() => killGroup(this.child), MOST_MILLISECONDS);
    this.result = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        clearTimeout(impatience);
        killGroup(this.child);
        running.delete(this.child);
        this.printed();
        const seconds = (performance.now() - started) / 1000;
        resolve({ code: code ?? signal ?? 'nothing', stdout: this.stdout, stderr: this.stderr, seconds });
      });
    });
  }

  /** What `pattern` captures in what the command prints, as soon as it does. @throws Error if the command ends first */
  async captured(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.stdout + this.stderr)?.[1];
      if (found !== undefined) return found;
      if (!running.has(this.child))
        throw new Error(`Expected it to print ${pattern}, got ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.printed = resolve;
      });
    }
  }

  /** Ctrl-C, which a terminal sends to the whole group. */
  interrupt(): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGINT');
  }
}

export function run(directory: string, command: readonly [string, ...string[]]): Promise<Result> {
  return new Command(directory, command).result;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left, as it should be.
  }
}
