import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT } from './dev/started';

/** How a call of the command has ended. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls the command `worker-chains` in a process of its own, without the AWS settings of this one. */
export function called(
  args: readonly string[],
  {
    directory = PROJECT,
    environment = {},
  }: { directory?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  const command = ['--import', 'tsx', join(PROJECT, 'cli/main.ts'), ...args];
  const options = { cwd: directory, env: { ...own, ...environment } };
  return new Promise((done) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}
