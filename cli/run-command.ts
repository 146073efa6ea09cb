import { shellWord } from '../functions/contract/shell-word';
import type { RunCommand } from '../page/monitor';
import { programName } from './command-line';

/** How a person calls a command for a run, without what finds its deployment. */
export function runCommand(command: RunCommand, runId: string): string {
  const rate = command === 'tune' ? ' --rate ITEMS_A_SECOND' : '';
  return `${programName()} ${command} ${shellWord(runId)}${rate}`;
}
