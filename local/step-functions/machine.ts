import type { Container, Definition } from './definition';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A state machine as it was created. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** The definition's text, as given. */
  readonly text: string;
  readonly definition: Definition;
  readonly tags: readonly Tag[];
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

/** A Map Run has the state machine's name and the Map's label in its ARN, and so do its executions. */
export function mapRunArn({ region, accountId }: Region, stateMachineName: string, label: string, id: string): string {
  return `arn:aws:states:${region}:${accountId}:mapRun:${stateMachineName}/${label}:${id}`;
}

/** What the children of a Map Run are executions of: the states of the Map's ItemProcessor, under the Map's label. */
export function childMachine(parent: StateMachine, label: string, processor: Container): StateMachine {
  return { ...parent, arn: `${parent.arn}/${label}`, name: `${parent.name}/${label}`, definition: processor };
}
