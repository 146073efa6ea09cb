import { type ShellOptions, shellArguments } from '../functions/contract/shell-word';
import { programName } from './command-line';
import type { DeploymentChoice } from './deployment/find-deployment';

/** What a command is called with beside its name. */
export interface Arguments {
  /** Words such as the run. */
  readonly operands?: readonly string[];
  readonly options?: ShellOptions;
}

/** A call of this program as a shell takes it. Every command that a person is told to call is made here. */
export function shellCommand(command: string, { operands = [], options = {} }: Arguments = {}): string {
  return [programName(), command, shellArguments(operands, options)].filter((part) => part !== '').join(' ');
}

/** The same for a deployment, which it names by its stack and its job wherever it is pasted. */
export function commandFor(
  { choice }: { readonly choice: Required<DeploymentChoice> },
  command: string,
  { operands, options }: Arguments = {},
): string {
  return shellCommand(command, { ...(operands && { operands }), options: { ...options, ...choice } });
}

/** Where a command is explained; without its name, all of them. */
export function helpOf(command?: string): string {
  return `see ${programName()} ${command === undefined ? '' : `${command} `}--help`;
}
