interface Difference {
  readonly reason: string;
  readonly sentences: readonly string[];
}

/** Where moto 5.2.1 does something else than S3, and why it is believed to be moto that is wrong. */
export const MOTO_S3_DIFFERENCES: readonly Difference[] = [];
