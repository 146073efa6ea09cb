import { CASES } from '../local/s3/cases/all';
import { clientFor, judge } from '../local/s3/cases/judge';
import { MOTO_S3_DIFFERENCES } from '../local/s3/cases/moto-differences';
import { type Checks, referee } from './checks';
import { Moto } from './moto';

/**
 * Asks moto's S3, an implementation that shares nothing with the embedded one, whether it does what the contract suite of
 * the embedded one says. A difference of moto is listed with its reason, and fails here once moto has lost it.
 */
referee(async (checks) => {
  const moto = await Moto.plain();
  try {
    await askAll(moto.endpoint, checks);
  } finally {
    moto.close();
  }
});

async function askAll(endpoint: string, checks: Checks): Promise<void> {
  const s3 = clientFor(endpoint);
  const known = new Map(
    MOTO_S3_DIFFERENCES.flatMap(({ reason, sentences }) => sentences.map((sentence) => [sentence, reason] as const)),
  );
  for (const each of CASES) {
    const { sentence } = each;
    const reason = known.get(sentence);
    known.delete(sentence);
    const failure = await judge(each, endpoint, s3).then(
      () => undefined,
      (error: Error) => error,
    );
    if (reason === undefined) checks.holds(sentence, failure === undefined, failure?.message);
    else if (failure !== undefined) checks.ok(`moto differs, as is known (${reason}): ${sentence}`);
    else checks.fail(`moto no longer differs (${reason}); take it off the list: ${sentence}`);
  }
  for (const sentence of known.keys()) checks.fail(`listed as a difference of moto, but no case: ${sentence}`);
  s3.destroy();
}
