/** The promises of the design, by number. */
export type PromiseName = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7';

/** A promise that was broken. */
export class Violation extends Error {
  constructor(
    readonly promise: PromiseName,
    message: string,
  ) {
    super(message);
  }
}
