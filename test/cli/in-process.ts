import type { RouteMap } from '@stricli/core';
import { call } from '../../cli/application';
import type { Context } from '../../cli/command-parts';
import { routes } from '../../cli/routes';
import type { Answer } from './called';

/** Help and refusals of the command, in this process: what a command itself prints is not in it. */
export async function said(args: readonly string[], of: RouteMap<Context> = routes): Promise<Answer> {
  const streams = { stdout: '', stderr: '' };
  const into = (name: keyof typeof streams) => ({
    write: (text: string) => {
      streams[name] += text;
    },
  });
  const code = await call(of, args, { stdout: into('stdout'), stderr: into('stderr') });
  return { code, ...streams };
}

/** The same with what the command itself prints, one call at a time. It takes its AWS settings from this process. */
export async function heard(args: readonly string[], onPrint: (text: string) => void = () => {}): Promise<Answer> {
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    onPrint(String(chunk));
    return true;
  });
  try {
    const { code, stdout, stderr } = await said(args);
    return { code, stdout: stdout + printed, stderr };
  } finally {
    write.mockRestore();
  }
}
