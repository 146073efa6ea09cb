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

/** What a referee has said, and how many of its checks came out how. */
interface Verdict {
  readonly lines: string[];
  passed: number;
  failed: number;
}

/** Judging at a time: a referee waits more than it computes. */
const AT_A_TIME = 2;

async function main(): Promise<Pick<Verdict, 'passed' | 'failed'>> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !REFEREES.some((referee) => referee.name === name));
  if (unknown !== undefined) {
    throw new Error(`Expected names of ${REFEREES.map(({ name }) => name).join(', ')}, got "${unknown}".`);
  }
  const referees = REFEREES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const tally = { passed: 0, failed: 0 };
  for (const verdict of verdictsOn(referees)) {
    const { lines, passed, failed } = await verdict;
    for (const line of lines) print(line);
    tally.passed += passed;
    tally.failed += failed;
  }
  return tally;
}

/** Their verdicts in their order; each begins when one before it has ended and left a place. */
function verdictsOn(referees: readonly Referee[]): readonly Promise<Verdict>[] {
  const places = Array.from({ length: AT_A_TIME }, () => Promise.resolve());
  return referees.map((referee, index) => {
    const place = index % AT_A_TIME;
    const verdict = (places[place] as Promise<unknown>).then(() => verdictOf(referee));
    places[place] = verdict.then(() => undefined);
    return verdict;
  });
}

async function verdictOf(referee: Referee): Promise<Verdict> {
  const verdict: Verdict = { lines: [], passed: 0, failed: 0 };
  const { lines } = verdict;
  const { name, needs } = referee;
  const version = versionOf(needs);
  if (version === undefined) {
    lines.push(`\nNOT JUDGED: ${name.toUpperCase()}, FOR LACK OF ${needs.name.toUpperCase()} (${needs.install})`);
    if (process.env.CI !== 'true') return verdict;
    lines.push('FAILED  in CI every referee has to judge');
    verdict.failed += 1;
    return verdict;
  }
  lines.push(`\n${name} · ${version}`);
  const started = process.uptime();
  await judge(referee, verdict);
  lines.push(`        ${(process.uptime() - started).toFixed(0)} s`);
  return verdict;
}

function versionOf({ probe: [command, ...args] }: Tool): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

async function judge({ name, command: [command, ...args] }: Referee, verdict: Verdict): Promise<void> {
  // A process group of its own: whatever a referee starts ends with it, however it ends.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const end = () => killGroup(child);
  process.once('exit', end);
  const impatience = setTimeout(end, MOST_MINUTES * 60_000);
  createInterface({ input: child.stderr }).on('line', (line) => verdict.lines.push(line));
  for await (const line of createInterface({ input: child.stdout })) {
    verdict.lines.push(line);
    count(line, verdict);
  }
  const status = await ended(child);
  clearTimeout(impatience);
  process.off('exit', end);
  end();
  const { passed, failed } = verdict;
  const isSilent = passed === 0 && failed === 0;
  if (status === 0 ? isSilent : failed === 0) {
    verdict.lines.push(`FAILED  ${name}: ended with ${status} after ${passed} checks`);
    verdict.failed += 1;
  }
}

function count(line: string, verdict: Verdict): void {
  if (/^ok\b/.test(line)) verdict.passed += 1;
  if (/^FAILED\b/.test(line)) verdict.failed += 1;
  const [, passed = 0, failed = 0] = /^(\d+) passed, (\d+) failed\b/.exec(line) ?? [];
  verdict.passed += Number(passed);
  verdict.failed += Number(failed);
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
