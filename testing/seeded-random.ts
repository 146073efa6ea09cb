/** Random numbers that are the same for the same seed: small, so that this door brings no package along. */
export class SeededRandom {
  #state: number;

  /** @param seed a whole number; only its lowest 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    // Mulberry32: one 32-bit word of state, a period of 2^32, ample for some thousand draws.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** True once in `times`, on average. */
  onceIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** @throws Error where there is nothing to pick from */
  pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new Error('Expected values to pick one from, got none.');
    return values[this.below(values.length)] as Value;
  }

  /** The same values in another order. */
  shuffled<Value>(values: readonly Value[]): Value[] {
    const left = [...values];
    return values.map(() => left.splice(this.below(left.length), 1)[0] as Value);
  }
}
