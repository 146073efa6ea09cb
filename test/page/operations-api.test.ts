import type { PageOperations } from '../../page/view';
import { runInProgress } from './fixture';
import { type ServedPage, servePage } from './serve';

let site: ServedPage;
const done: unknown[][] = [];
const noting =
  (name: string) =>
  async (...given: unknown[]) => {
    done.push([name, ...given]);
    return 'Done.';
  };
const operations = {
  ...{ stop: noting('stop'), redrive: noting('redrive'), resume: noting('resume') },
  ...{ retry: noting('retry'), rate: noting('rate') },
};

async function serving(what?: PageOperations): Promise<void> {
  site = await servePage(Object.assign(runInProgress(), what && { operations: what }));
}

beforeEach(() => {
  done.length = 0;
});
afterEach(() => site.close());

async function token(): Promise<string> {
  return ((await (await fetch(`${site.origin}/api/operations`)).json()) as { token: string }).token;
}

async function post(name: string, body: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const own = { origin: site.origin, 'content-type': 'application/json', 'x-page-token': await token() };
  const url = `${site.origin}/api/operations/${name}`;
  const answer = await fetch(url, { method: 'POST', body, headers: { ...own, ...headers } });
  return [answer.status, ((await answer.json()) as { message: string }).message];
}

it('does what the page asks for', async () => {
  await serving(operations);
  const execution = 'arn:aws:states:us-east-1:1:execution:m:e';
  for (const name of ['stop', 'redrive', 'resume', 'retry']) {
    expect(await post(name, JSON.stringify({ execution }))).toEqual([200, 'Done.']);
  }
  expect(await post('rate', JSON.stringify({ execution, rate: 0 }))).toEqual([200, 'Done.']);
  expect(done).toEqual([
    ['stop', execution],
    ['redrive', execution],
    ['resume', execution],
    ['retry', execution],
    ['rate', execution, 0],
  ]);
});

it.each([
  ['a web site', 403, /another origin/, { origin: 'http://evil.example' }],
  ['another port of this machine', 403, /another origin/, { origin: 'http://127.0.0.1:1' }],
  ['a form', 415, /Expected JSON/, { 'content-type': 'text/plain' }],
  ['whoever has not read the page', 403, /Expected the token/, { 'x-page-token': 'guessed' }],
])('does nothing for %s', async (_, status, sentence, headers) => {
  await serving(operations);
  expect(await post('stop', '{"execution":"arn"}', headers)).toEqual([status, expect.stringMatching(sentence)]);
  expect(done).toEqual([]);
});

it.each([
  ['stop', '{}', 400, 'Expected the ARN of an execution, got none.'],
  ['stop', 'nonsense', 400, 'Expected JSON, got something else: open the page and ask there.'],
  ['stop', 'null', 400, 'Expected the ARN of an execution, got none.'],
  ['rate', '{"execution":"arn"}', 400, 'Expected a rate from 0 to 1000000, got undefined.'],
  ['rate', '{"execution":"arn","rate":-1}', 400, 'Expected a rate from 0 to 1000000, got -1.'],
  ['constructor', '{"execution":"arn"}', 404, 'Expected one of stop, redrive, resume, retry, rate, got constructor.'],
  ['stop', `"${'x'.repeat(3000)}"`, 413, 'Expected at most 2000 bytes, got more.'],
])('refuses in one sentence: %s %s', async (name, body, status, sentence) => {
  await serving(operations);
  expect(await post(name, body)).toEqual([status, sentence]);
  expect(done).toEqual([]);
});

it('only looks where nobody may operate: no token, and 403 for whoever tries', async () => {
  await serving();
  expect(await (await fetch(`${site.origin}/api/operations`)).json()).toEqual({ operations: [] });
  expect(await post('stop', '{"execution":"arn"}')).toEqual([
    403,
    'This page only looks: stop, redrive and the like are commands of worker-chains.',
  ]);
});
