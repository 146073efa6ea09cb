import { Refusal } from '../../../functions/contract/errors';
import { outcomeOf } from '../../../functions/effects/judgement';

const SUPPRESSED = new Refusal('suppressed', 'suppressed', 'The address gets no mail of this list.');
const SEEN = {
  ...{ asked: 1, askedOfFirst: 1, succeeded: 0, repeatable: true },
  failures: [SUPPRESSED],
  messageIds: [],
  personal: () => [],
};

describe('an item whose mail is held back', () => {
  it('is skipped with the reason, whether its job lets the refusal through or not', () => {
    expect(outcomeOf(SEEN, undefined, SUPPRESSED)).toEqual({ outcome: 'skipped', reason: 'suppressed' });
    expect(outcomeOf(SEEN, undefined, undefined)).toEqual({ outcome: 'skipped', reason: 'suppressed' });
  });

  it('is judged by what else went wrong, if anything did', () => {
    const rejected = new Refusal('rejected', 'MessageRejected', 'No.');
    const ambiguous = new Refusal('ambiguous', 'TimeoutError', 'No answer.');
    expect(outcomeOf({ ...SEEN, failures: [SUPPRESSED, rejected] }, undefined, undefined)).toMatchObject({
      outcome: 'unprocessed',
    });
    expect(outcomeOf({ ...SEEN, failures: [SUPPRESSED, ambiguous] }, undefined, undefined)).toMatchObject({
      outcome: 'in-doubt',
    });
  });

  it('is done where another mail of it went out, and says by which', () => {
    const seen = { ...SEEN, asked: 2, succeeded: 1, messageIds: ['mail-1'] };
    expect(outcomeOf(seen, undefined, undefined)).toEqual({ outcome: 'done', messageIds: ['mail-1'] });
  });
});
