import type { Definition } from './definition';

/** A state machine as it was created. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** The definition's text, as given. */
  readonly text: string;
  readonly definition: Definition;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface Region {
  readonly region: string;
  readonly accountId: string;
}

export function stateMachineArn({ region, accountId }: Region, name: string): string {
  return `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;
}

export function executionArn({ region, accountId }: Region, stateMachineName: string, name: string): string {
  return `arn:aws:states:${region}:${accountId}:execution:${stateMachineName}:${name}`;
}
