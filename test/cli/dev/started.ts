import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { DevReport } from '../../../cli/dev/run-report';
import packageJson from '../../../package.json';
import { sharedAssembly } from '../../support/shared-assembly';

export const PROJECT = resolve(__dirname, '../../..');
/** What `npm start` calls: node's arguments, up to the options. */
const [, ...START] = packageJson.scripts.start.split(' ');
/** The command itself, called in another directory. */
const COMMAND = ['--import', 'tsx', join(PROJECT, 'cli/main.ts')];
const ELSEWHERE = [...COMMAND, 'dev'];

/** With it, `CDK_APP` of what is started here: it begins with what was synthesized once, two seconds and a half earlier. */
let surroundings: Readonly<Record<string, string>> = {};

/** For `beforeAll` of a file that starts the command often. One that says `CDK_APP: ''` synthesizes all the same. */
export async function synthesizeOnce(): Promise<void> {
  surroundings = await assemblyVariables();
}

/** What to put into the environment of a process that is not to synthesize this repository's app by itself. */
export async function assemblyVariables(): Promise<Readonly<Record<string, string>>> {
  return { CDK_APP: await sharedAssembly() };
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm start -- …` without npm, which would answer signals in its own way. */
export class Started {
  stdout = '';
  stderr = '';
  readonly finished: Promise<Finished>;
  private readonly child: ChildProcess;
  private readonly listeners = new Set<() => void>();

  /** Any other command than `dev`. */
  static command(args: readonly string[], environment: Readonly<Record<string, string>>): Started {
    return new Started(args, environment, PROJECT, COMMAND);
  }

  /** @param directory where the command is called; elsewhere than here without the seed of this repository's app */
  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    directory: string = PROJECT,
    command: readonly string[] = directory === PROJECT ? START : ELSEWHERE,
  ) {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
    this.child = spawn(process.execPath, [...command, ...args], {
      cwd: directory,
      env: { ...own, ...(directory === PROJECT && surroundings), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.child);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.take('stdout', text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.take('stderr', text));
    this.finished = new Promise((done) => {
      this.child.once('close', (code) => {
        running.delete(this.child);
        this.take('stdout', '');
        done({ code, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** @throws if the process ends before it prints the pattern */
  async printed(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<void> {
    await new Promise<void>((found, never) => {
      const look = () => {
        if (pattern.test(this[stream])) found();
        else if (this.child.exitCode !== null) never(new Error(`It ended without ${pattern}:\n${this.stderr}`));
      };
      this.listeners.add(look);
      look();
    });
  }

  /** What Ctrl-C does. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** What `| head -1` does after the first line. */
  closeStdout(): void {
    this.child.stdout?.destroy();
  }

  private take(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const listener of this.listeners) listener();
  }
}

const running = new Set<ChildProcess>();

export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** What `--json` printed. */
export function reportOf({ stdout }: Finished): DevReport {
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as DevReport;
}
