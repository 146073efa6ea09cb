import { isInCanary, takerOf } from '../../../functions/contract/canary-members';

const ids = Array.from({ length: 100_000 }, (_, index) => index + 1);

it.each([0.001, 0.01, 0.1, 0.5])('takes about as many as a share of %d says', (share) => {
  const members = ids.filter((id) => isInCanary('weekly-digest', id, share)).length;
  const deviation = Math.sqrt(ids.length * share * (1 - share));

  expect(Math.abs(members - ids.length * share)).toBeLessThan(4 * deviation);
});

it('takes the same people again, in every process: these', () => {
  expect(ids.slice(0, 1000).filter((id) => isInCanary('weekly-digest', id, 0.005))).toMatchInlineSnapshot(`
[
  26,
  466,
  500,
  541,
  625,
  644,
  854,
  986,
]
`);
});

it('keeps whom it has when the share grows, and takes others in another job', () => {
  const members = (job: string, share: number) => new Set(ids.filter((id) => isInCanary(job, id, share)));
  const small = members('weekly-digest', 0.01);
  const large = members('weekly-digest', 0.02);
  const elsewhere = members('monthly-statement', 0.01);

  expect([...small].every((id) => large.has(id))).toBe(true);
  expect([...small].filter((id) => elsewhere.has(id)).length).toBeLessThan(40);
});

it('lets a chain take each item in exactly one of its two passes, and all in one where there is no canary', () => {
  const run = { job: 'weekly-digest', canary: { share: 0.3 } };
  for (const id of ['anna', 'bob', 'Ω', '17', 17, ...ids.slice(0, 200)]) {
    const passes = (['canary', 'others'] as const).filter((takes) => takerOf(run, takes)({ id }));
    expect(passes).toHaveLength(1);
    expect(takerOf(run, undefined)({ id })).toBe(true);
    expect(takerOf({ job: 'weekly-digest' }, undefined)({ id })).toBe(true);
  }
});
