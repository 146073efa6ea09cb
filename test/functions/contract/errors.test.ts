import { invalidInput, Refusal, WorkerChainsError } from '../../../functions/contract/errors';
import { ERROR_CODES } from '../../../functions/contract/names';

describe('an error of worker-chains', () => {
  it('has its code for a name, which is what Step Functions matches', () => {
    const cause = new Error('throttled');
    const error = new WorkerChainsError(ERROR_CODES.handoffFailed, 'Not accepted.', { cause });

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'Chain.HandoffFailed',
      code: 'Chain.HandoffFailed',
      message: 'Not accepted.',
      cause,
    });
  });

  it('shows its sentence where an error shows its stack: an operator reads it in the execution', () => {
    expect(invalidInput('Expected a job.').stack).toBe('Run.InvalidInput: Expected a job.');
  });

  it('has a code of its own', () => {
    const codes = Object.values(ERROR_CODES);

    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^(Chain|Run|Mail)\.[A-Z][A-Za-z]+$/);
  });
});

describe('a refusal', () => {
  it('keeps apart what it means and what the provider called it', () => {
    expect(new Refusal('throttled', 'Throttling', 'Maximum sending rate exceeded.')).toMatchObject({
      name: 'Refusal',
      kind: 'throttled',
      code: 'Throttling',
      message: 'Maximum sending rate exceeded.',
    });
  });
});
