import type { CommandContext, StricliProcess } from '@stricli/core';
import { UsageError } from './command-line';

/** What the definitions of the commands are put together from. */

/** Nothing stands where something must. */
export class EmptyWord extends Error {
  /** @param follows what must stand there; of an option, any value */
  constructor(
    readonly follows: string,
    readonly isOption: boolean,
  ) {
    super(`Expected ${follows}, got nothing.`);
  }
}

const notEmpty =
  (follows: string, isOption = false) =>
  (input: string): string => {
    if (input !== '') return input;
    throw new EmptyWord(follows, isOption);
  };

/** An option that takes text, which is not empty. */
export function text(placeholder: string, brief: string) {
  return { kind: 'parsed', parse: notEmpty('a value', true), optional: true, placeholder, brief } as const;
}

/** An option that is there or not. */
export function flag(brief: string) {
  return { kind: 'boolean', optional: true, withNegated: false, brief } as const;
}

/** An option that takes one of these words. */
export function choice<Word extends string>(values: readonly Word[], brief: string) {
  return { kind: 'enum', values, optional: true, brief } as const;
}

/** An option that takes a whole number from `least` to `most`. */
export function amount(name: string, [least, most]: readonly [number, number], brief: string) {
  const parse = (input: string) => {
    if (/^\d+$/.test(input) && Number(input) >= least && Number(input) <= most) return Number(input);
    const got = input === '' ? 'nothing' : input;
    throw new UsageError(`Expected --${name} to be a whole number from ${least} to ${most}, got ${got}.`);
  };
  return { ...text('N', brief), parse };
}

const DECIMAL = /^(\d+(\.\d+)?|\.\d+)$/;

/** @throws UsageError where it is not a number from 0 to `most` */
export function number(what: string, value: string, most: number): number {
  if (DECIMAL.test(value) && Number(value) <= most) return Number(value);
  throw new UsageError(`Expected ${what} to be a number from 0 to ${most}, got ${value === '' ? 'nothing' : value}.`);
}

/** An option that takes a rate per second, above 0, up to `most`. */
export function rateUpTo(most: number, brief: string) {
  const parse = (input: string) => {
    if (DECIMAL.test(input) && Number(input) > 0 && Number(input) <= most) return Number(input);
    const got = input === '' ? 'nothing' : input;
    throw new UsageError(`Expected --rate to be a number above 0, up to ${most}, got ${got}.`);
  };
  return { ...text('N', brief), parse };
}

interface Word {
  readonly placeholder: string;
  readonly brief: string;
}

/** Words beside the options, all of them needed. */
export function words<const Words extends readonly Word[]>(...given: Words) {
  const parameters = given.map((word) => ({ ...word, parse: notEmpty(word.placeholder) }));
  return { kind: 'tuple', parameters } as unknown as {
    readonly kind: 'tuple';
    readonly parameters: { readonly [Index in keyof Words]: Word & { readonly parse: (input: string) => string } };
  };
}

/** One word beside the options, which may be absent. */
export function maybe(placeholder: string, brief: string) {
  return { kind: 'tuple', parameters: [{ parse: notEmpty(placeholder), optional: true, placeholder, brief }] } as const;
}

export const RUN = {
  placeholder: 'RUN',
  brief: 'name of the execution that created the run, or of one that resumed it, or the ARN of either',
} as const;

/** Which deployment is meant: see `DeploymentChoice`. */
export const DEPLOYED = {
  stack: text('NAME', 'the stack ($WORKER_CHAINS_STACK, or the only one there is)'),
  job: text('NAME', 'its job, where it has several'),
} as const;

export const JSON_LINES = { json: flag('prints JSON, one object a line') } as const;

export interface DeployedFlags {
  readonly stack?: string | undefined;
  readonly job?: string | undefined;
}

export interface JsonFlag {
  readonly json?: boolean | undefined;
}

export interface Context extends CommandContext {
  readonly process: StricliProcess;
}

/** What a command is run as: what it answers is the exit code. */
export function exiting<Flags, Words extends readonly (string | undefined)[]>(
  command: (flags: Flags, ...words: Words) => Promise<number>,
) {
  return async function (this: Context, flags: Flags, ...given: Words): Promise<void> {
    this.process.exitCode = await command(flags, ...given);
  };
}
