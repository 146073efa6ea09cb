import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Runs every referee of this folder, one after the other, and ends with `N passed, N failed`; exit status 1 if anything
 * failed. A referee prints one line per check, which begins with `ok` or `FAILED`, or, if they are too many, what is
 * wrong on stderr and one line `N passed, N failed …`. With arguments, only the referees of
 * these names. A tool that is missing is named in capitals: its referee judges nothing, which in CI is a failure.
 */

interface Referee {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly needs: Tool;
}

interface Tool {
  readonly name: string;
  /** Prints its version and ends with 0 where the tool is there. */
  readonly probe: readonly [string, ...string[]];
  readonly install: string;
}

/** Several times what the slowest takes, so that one that hangs does not hold the build for its whole time. */
const MOST_MINUTES = 8;

const MOTO: Tool = {
  name: 'moto',
  probe: ['python3', '-c', 'import moto.server, moto.stepfunctions.parser, flask; print("moto", moto.__version__)'],
  install: "pip install 'moto[all,server]'",
};
const AWS_CLI: Tool = { name: 'the AWS CLI', probe: ['aws', '--version'], install: 'pip install awscli' };
const CFN_LINT: Tool = { name: 'cfn-lint', probe: ['cfn-lint', '--version'], install: 'pip install cfn-lint' };

const PYTHON: Tool = { name: 'Python', probe: ['python3', '--version'], install: 'https://www.python.org' };

const script = (name: string) => ['bash', join(__dirname, name)] as const;
const program = (name: string) => [process.execPath, '--import', 'tsx', join(__dirname, name)] as const;

const REFEREES: readonly Referee[] = [
  { name: 'template', command: program('template.ts'), needs: CFN_LINT },
  { name: 'aws-cli', command: script('aws-cli.sh'), needs: AWS_CLI },
  { name: 'moto-services', command: script('moto-services.sh'), needs: MOTO },
  { name: 'two-interpreters', command: program('two-interpreters.ts'), needs: MOTO },
  { name: 'run-on-moto', command: program('run-on-moto.ts'), needs: MOTO },
  { name: 'doctor-on-moto', command: program('doctor-on-moto.ts'), needs: MOTO },
  { name: 'dynamodb-refusals', command: program('dynamodb-refusals.ts'), needs: MOTO },
  { name: 'objects-on-moto', command: program('objects-on-moto.ts'), needs: MOTO },
  { name: 'mails-in-python', command: program('mails-in-python.ts'), needs: PYTHON },
  { name: 'windows-in-python', command: program('windows-in-python.ts'), needs: PYTHON },
];

interface Tally {
  passed: number;
  failed: number;
}

async function main(): Promise<Tally> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !REFEREES.some((referee) => referee.name === name));
  if (unknown !== undefined) {
    throw new Error(`Expected names of ${REFEREES.map(({ name }) => name).join(', ')}, got "${unknown}".`);
  }
  const tally: Tally = { passed: 0, failed: 0 };
  for (const referee of REFEREES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const version = versionOf(referee.needs);
    if (version === undefined) {
      notJudged(referee, tally);
      continue;
    }
    print(`\n${referee.name} · ${version}`);
    const started = process.uptime();
    await judge(referee, tally);
    print(`        ${(process.uptime() - started).toFixed(0)} s`);
  }
  return tally;
}

function notJudged({ name, needs }: Referee, tally: Tally): void {
  print(`\nNOT JUDGED: ${name.toUpperCase()}, FOR LACK OF ${needs.name.toUpperCase()} (${needs.install})`);
  if (process.env.CI !== 'true') return;
  print('FAILED  in CI every referee has to judge');
  tally.failed += 1;
}

function versionOf({ probe: [command, ...args] }: Tool): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

async function judge({ name, command: [command, ...args] }: Referee, tally: Tally): Promise<void> {
  // A process group of its own: whatever a referee starts ends with it, however it ends.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const end = () => killGroup(child);
  process.once('exit', end);
  const impatience = setTimeout(end, MOST_MINUTES * 60_000);
  const before = { ...tally };
  for await (const line of createInterface({ input: child.stdout })) {
    print(line);
    count(line, tally);
  }
  const status = await ended(child);
  clearTimeout(impatience);
  process.off('exit', end);
  end();
  const isSilent = tally.passed === before.passed && tally.failed === before.failed;
  if (status === 0 ? isSilent : tally.failed === before.failed) {
    print(`FAILED  ${name}: ended with ${status} after ${tally.passed - before.passed} checks`);
    tally.failed += 1;
  }
}

function count(line: string, tally: Tally): void {
  if (/^ok\b/.test(line)) tally.passed += 1;
  if (/^FAILED\b/.test(line)) tally.failed += 1;
  const [, passed = 0, failed = 0] = /^(\d+) passed, (\d+) failed\b/.exec(line) ?? [];
  tally.passed += Number(passed);
  tally.failed += Number(failed);
}

function ended(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve(child.exitCode ?? (child.signalCode as string));
  }
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 'nothing')));
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left, as it should be.
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().then(
  ({ passed, failed }) => {
    print(`\n${passed} passed, ${failed} failed`);
    process.exit(failed === 0 ? 0 : 1);
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    print('0 passed, 1 failed');
    process.exit(1);
  },
);
