import { MOST_CHAINS } from '../../functions/contract/map-mode';
import { UsageError } from '../command-line';

interface NumberOption {
  /** What is taken where nothing is said; without it, what is deployed. */
  readonly fallback?: number;
  readonly example: number;
  readonly least: number;
  readonly most: number;
  readonly unit: string;
}

/** Rates have fractions; everything else is counted. */
const WHOLE = /^-?\d+$/;
const DECIMAL = /^(\d+(\.\d+)?|\.\d+)$/;

export const NUMBERS = {
  items: { example: 3000, least: 0, most: 10_000_000, unit: 'a number of ids' },
  chains: { example: 10, least: 1, most: MOST_CHAINS.distributed, unit: 'a number of chains' },
  rate: { example: 250, least: 1, most: 10_000, unit: 'a number of mails per second' },
  random: { fallback: 1, example: 1, least: 0, most: 4_294_967_295, unit: 'a whole number' },
  port: { fallback: 4510, example: 4510, least: 0, most: 65_535, unit: 'a port' },
} as const satisfies Readonly<Record<string, NumberOption>>;

/** Reads a number. It throws UsageError where it is none, or out of bounds. */
export function amountOf(name: keyof typeof NUMBERS): (value: string) => number {
  const { example, least, most, unit } = NUMBERS[name];
  return (value) => {
    const given = (name === 'rate' ? DECIMAL : WHOLE).test(value) ? Number(value) : Number.NaN;
    if (given >= least && given <= most) return given;
    throw new UsageError(
      `Expected --${name} to be ${unit} from ${least} to ${most}, got ${value === '' ? 'nothing' : value}: for example --${name} ${example}.`,
    );
  };
}

/** Reads a share, 0 to 1. It throws UsageError where it is none. */
export function shareOf(name: 'bounces' | 'complaints'): (value: string) => number {
  return (value) => {
    const given = DECIMAL.test(value) ? Number(value) : Number.NaN;
    if (given <= 1) return given;
    throw new UsageError(
      `Expected --${name} to be a share from 0 to 1, got ${value === '' ? 'nothing' : value}: for example --${name} 0.03.`,
    );
  };
}

/** Reads a path. It throws UsageError where it is empty. */
export function pathOf(name: string, kind: string, example: string): (value: string) => string {
  return (value) => {
    if (value !== '') return value;
    throw new UsageError(
      `Expected --${name} to be followed by ${kind}, got nothing: for example --${name} ${example}.`,
    );
  };
}
