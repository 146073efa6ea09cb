import { isDeepStrictEqual } from 'node:util';

/** What a referee found, one line per check: `run.ts` counts them. */
export class Checks {
  failed = 0;

  /** Prints `ok` if `got` is what was expected, in every depth; else `FAILED` with both. */
  equal(what: string, got: unknown, expected: unknown): void {
    if (isDeepStrictEqual(got, expected)) this.ok(`${what}: ${shown(got)}`);
    else this.fail(`${what}: expected ${shown(expected)}, got ${shown(got)}`);
  }

  /** Prints `ok` if the condition holds; else `FAILED` with what was found instead. */
  holds(what: string, holds: boolean, got: unknown): void {
    if (holds) this.ok(what);
    else this.fail(`${what}: got ${shown(got)}`);
  }

  ok(what: string): void {
    process.stdout.write(`ok      ${what}\n`);
  }

  fail(what: string): void {
    this.failed += 1;
    process.stdout.write(`FAILED  ${what.replaceAll('\n', ' ')}\n`);
  }
}

/** Runs a referee and ends the process: exit status 1 if a check failed or the referee itself did. */
export function referee(judge: (checks: Checks) => Promise<void>): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const checks = new Checks();
  judge(checks).then(
    () => process.exit(checks.failed === 0 ? 0 : 1),
    (error: unknown) => {
      checks.fail(`it could not go on: ${(error as Error).message ?? error}`);
      process.stderr.write(`${(error as Error).stack ?? error}\n`);
      process.exit(1);
    },
  );
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Map) return JSON.stringify(Object.fromEntries(value));
  return JSON.stringify(value) ?? String(value);
}
