import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAssets, readAssets } from '../../page/assets';
import { withDelta } from '../../page/delta';
import { isLoopbackHost } from '../../page/loopback';
import type { MailDetail, PageSource, RunChanges, RunUpdate, WholeRun } from '../../page/view';
import { finishedRun, type SimulatedRun } from './fixture';
import { type Answer, ask, type ServedPage, servePage } from './serve';

let run: SimulatedRun;
let source: PageSource;
let page: ServedPage;

beforeEach(async () => {
  run = finishedRun();
  source = {
    executions: () => run.executions(),
    run: () => run.run(),
    history: (arn, after, limit) => run.history(arn, after, limit),
    leftovers: () => run.leftovers(),
    mails: (query) => run.mails(query),
    mail: (id) => run.mail(id),
    log: (requestId) => run.log(requestId),
  };
  page = await servePage(source);
});

afterEach(() => page.close());

const get = (path: string, headers?: Record<string, string>) => ask(page.port, path, headers ? { headers } : {});
const messageOf = (answer: Answer) => (JSON.parse(answer.body) as { message: string }).message;

describe('the page itself', () => {
  it('serves the document under a policy that allows its own files only', async () => {
    const answer = await get('/');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https:|\*/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('has no inline script, no inline style and no address outside in its document', async () => {
    const { body } = await get('/');
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:\/\//i);
  });

  it('serves its browser code as one module, and the other files beside it with the type that a browser insists on', async () => {
    const types: Record<string, string> = {
      js: 'text/javascript',
      css: 'text/css',
      svg: 'image/svg+xml',
      html: 'text/html',
    };
    const files = readdirSync(join(__dirname, '../../page/client')).filter((name) => !/\.(tsx?|json)$/.test(name));
    expect(files).toEqual(expect.arrayContaining(['index.html', 'style.css', 'icon.svg']));
    for (const name of [...files, 'main.js']) {
      const answer = await get(`/static/${name}`);
      expect([name, answer.status]).toEqual([name, 200]);
      expect(answer.headers['content-type']).toContain(types[name.split('.').at(-1) ?? '']);
    }
    expect((await get('/static/main.js')).body).not.toMatch(/^\s*import\s|\bimport\(/m);
  });

  it('serves the same from a directory of built files', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'page-'));
    const built = await buildAssets();
    for (const [name, { content }] of built) writeFileSync(join(directory, name), content);
    const other = await servePage(source, 0, async () => readAssets(directory));
    try {
      for (const path of ['/', ...[...built.keys()].map((name) => `/static/${name}`)]) {
        const [fromSource, fromBuilt] = [await get(path), await ask(other.port, path)];
        expect([path, fromBuilt.status]).toEqual([path, 200]);
        expect(fromBuilt.body).toBe(fromSource.body);
        expect(fromBuilt.headers['content-type']).toBe(fromSource.headers['content-type']);
      }
    } finally {
      await other.close();
      rmSync(directory, { recursive: true });
    }
  });

  it.each([
    '/static/../view.ts',
    '/static/main.tsx',
    '/static/tsconfig.json',
    '/static/..%2fview.ts',
    '/static/%2e%2e/server.ts',
    '/static/../../../package.json',
    '/static/....//view.ts',
    '/static//etc/passwd',
    '/static/',
    '/static/__proto__',
  ])('answers 404 to %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(messageOf(answer)).toContain('There is no file');
  });

  it.each([
    ['POST', '/'],
    ['POST', '/api/run'],
    ['GET', '/2015-03-31/functions/run-chain'],
    ['GET', '/apis'],
    ['DELETE', '/api/mails/mail-1@sim.example'],
  ])('leaves %s %s to the other endpoints of the port', async (method, path) => {
    expect((await ask(page.port, path, { method })).status).toBe(418);
  });

  it('answers HEAD without a body', async () => {
    const answer = await ask(page.port, '/api/run', { method: 'HEAD' });
    expect([answer.status, answer.body]).toEqual([200, '']);
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(100);
  });
});

describe('the Host header', () => {
  it.each(['localhost', 'localhost:4566', 'LOCALHOST:80', '127.0.0.1:4566', '127.1.2.3', '[::1]:4566'])(
    'is accepted as %s',
    async (host) => {
      expect((await get('/api/run', { host })).status).toBe(200);
    },
  );

  it.each([
    'rebound.example',
    'rebound.example:4566',
    'localhost.rebound.example',
    '127.0.0.1.rebound.example',
    'localhost@rebound.example',
    'rebound-localhost',
    '10.0.0.1',
  ])('is refused as "%s", so that no web site can read the inbox', async (host) => {
    for (const path of ['/', '/static/main.js', '/api/run', '/api/mails', '/api/mails/mail-1@sim.example/html']) {
      const answer = await get(path, { host });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(messageOf(answer)).toContain('Expected the Host header to be a loopback name');
    }
  });
});

it('does not take a missing Host header for loopback', () => {
  expect([isLoopbackHost(undefined), isLoopbackHost(''), isLoopbackHost('localhost')]).toEqual([false, false, true]);
});

describe('the run and its history', () => {
  it('gives the view as the source gives it', async () => {
    const answer = await get('/api/run');
    expect(JSON.parse(answer.body)).toEqual(JSON.parse(JSON.stringify(run.view())));
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('gives what has changed since an answer, and the whole to whoever has none that it knows', async () => {
    const update = async (since?: string): Promise<RunUpdate> =>
      JSON.parse((await get(`/api/updates${since === undefined ? '' : `?since=${since}`}`)).body) as RunUpdate;
    const first = (await update()) as WholeRun;
    expect(first.run).toEqual(JSON.parse(JSON.stringify(run.view())));
    expect(await update(first.version)).toEqual({ version: expect.any(String), since: first.version });

    run.elapsedMilliseconds += 900;
    const second = (await update(first.version)) as RunChanges;
    expect(second).not.toHaveProperty('run');
    expect(withDelta(first.run, second.changes)).toEqual(JSON.parse(JSON.stringify(run.view())));
    expect(await update('of-another-server-1')).toEqual({ version: expect.any(String), run: expect.any(Object) });

    for (let others = 0; others < 24; others++) await update();
    expect(await update(second.version)).toHaveProperty('run.chains');
  });

  it('gives the log lines of an invocation, where it keeps them', async () => {
    const { lines } = JSON.parse((await get('/api/logs/request-1-2')).body) as { lines: string[] };
    expect(lines).toEqual([expect.stringContaining('request-1-2'), 'a line of the job']);
    delete source.log;
    const none = await get('/api/logs/request-1-2');
    expect([none.status, messageOf(none)]).toEqual([
      404,
      'This server keeps no logs: those of a deployed function are in CloudWatch.',
    ]);
  });

  it('gives the events after an id, as many as asked for', async () => {
    const answer = await get('/api/history?after=10&limit=3');
    const { events } = JSON.parse(answer.body) as { events: { id: number }[] };
    expect(events.map((event) => event.id)).toEqual([11, 12, 13]);
  });

  it('gives the executions, and passes on which of them the run and the history are asked of', async () => {
    const { executions } = JSON.parse((await get('/api/executions')).body) as { executions: { arn: string }[] };
    expect(executions.map(({ arn }) => arn)).toEqual([run.arn]);
    const asked: unknown[] = [];
    source.run = (arn) => run.run().finally(() => asked.push(arn));
    source.history = async (arn) => {
      asked.push(arn);
      return [];
    };
    for (const path of ['/api/run', '/api/updates', '/api/history']) {
      expect((await get(path)).status).toBe(200);
      expect((await get(`${path}?execution=${run.arn}`)).status).toBe(200);
    }
    expect(asked).toEqual([undefined, run.arn, undefined, run.arn, undefined, run.arn]);
  });

  it('says what the engine said when it cannot answer', async () => {
    source.history = () => Promise.reject(new Error('The ledger is closed.'));
    const answer = await get('/api/history');
    expect(answer.status).toBe(500);
    expect(messageOf(answer)).toBe('The engine could not answer /api/history: The ledger is closed.');
  });
});

describe('the mails', () => {
  it('searches and pages', async () => {
    const answer = await get('/api/mails?search=%E8%AA%AD%E8%80%85&offset=2&limit=2');
    const { total, mails } = JSON.parse(answer.body) as { total: number; mails: MailDetail[] };
    expect(total).toBe(495);
    expect(mails.map((mail) => mail.messageId)).toEqual(['mail-2465@sim.example', 'mail-2460@sim.example']);
  });

  it('gives one mail, whether its id comes encoded or not', async () => {
    for (const id of ['mail-5@sim.example', 'mail-5%40sim.example']) {
      const mail = JSON.parse((await get(`/api/mails/${id}`)).body) as MailDetail;
      expect(mail.subject).toBe('今週のダイジェスト:新着4件');
    }
  });

  it('serves the HTML part alone, sandboxed, without scripts, forms or connections', async () => {
    const answer = await get('/api/mails/mail-5@sim.example/html');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('おはようございます');
    const policy = String(answer.headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        'img-src data:',
        "style-src 'unsafe-inline'",
        "form-action 'none'",
      ]),
    );
    const sandbox = policy.find((directive) => directive.startsWith('sandbox'));
    expect(sandbox).toBeDefined();
    expect(sandbox).not.toContain('allow-scripts');
    expect(sandbox).not.toMatch(/allow-forms|allow-top-navigation/);
  });

  it('lets images from elsewhere load only when they are asked for', async () => {
    const policy = async (query: string) =>
      String((await get(`/api/mails/mail-5@sim.example/html${query}`)).headers['content-security-policy']);
    expect(await policy('')).not.toContain('https:');
    expect(await policy('?images=remote')).toContain('img-src data: https:');
    expect((await get('/api/mails/mail-5@sim.example/html?images=all')).status).toBe(400);
    expect((await get('/api/mails/mail-5@sim.example?images=remote')).status).toBe(400);
  });

  it('gives the source as a file to download, byte for byte', async () => {
    const answer = await get('/api/mails/mail-5@sim.example/raw');
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="mail-5_sim.example.eml"');
    expect(answer.body).toBe((await run.mail('mail-5@sim.example'))?.raw);
  });

  it('says so when a mail has no HTML part', async () => {
    source.mail = async () => ({ ...((await run.mail('mail-5@sim.example')) as MailDetail), html: undefined });
    const answer = await get('/api/mails/mail-5@sim.example/html');
    expect([answer.status, messageOf(answer)]).toEqual([
      404,
      'Mail mail-5@sim.example has no HTML part; read its text part.',
    ]);
  });
});

describe('what it refuses', () => {
  it.each([
    ['/api/history?after=-1', 400, 'Expected after to be a whole number from 0 to 9007199254740991, got "-1".'],
    ['/api/history?after=1e3', 400, 'Expected after to be a whole number from 0 to 9007199254740991, got "1e3".'],
    ['/api/history?after=9007199254740992', 400, 'Expected after to be a whole number'],
    ['/api/history?limit=0', 400, 'Expected limit to be a whole number from 1 to 1000, got "0".'],
    ['/api/history?limit=1001', 400, 'Expected limit to be a whole number from 1 to 1000, got "1001".'],
    ['/api/history?after=1&after=2', 400, 'Expected after once, got it several times.'],
    ['/api/history?from=3', 400, 'Expected only the parameters [execution, after, limit], got "from".'],
    ['/api/mails?offset=x', 400, 'Expected offset to be a whole number'],
    ['/api/mails?chain=x', 400, 'Expected chain to be a whole number from 0 to 9999, got "x".'],
    ['/api/mails?execution=x', 400, 'Expected execution to be the ARN of an execution, got "x": take it'],
    ['/api/mails?limit=201', 400, 'Expected limit to be a whole number from 1 to 200, got "201".'],
    [`/api/mails?search=${'a'.repeat(201)}`, 400, 'Expected search to be at most 200 characters, got 201.'],
    ['/api/run?x=1', 400, 'Expected only the parameters [execution], got "x".'],
    ['/api/run?execution=', 400, 'Expected execution to be the ARN of an execution, got "": take it'],
    ['/api/history?execution=weekly', 400, 'Expected execution to be the ARN of an execution, got "weekly": take it'],
    ['/api/run?execution=a&execution=b', 400, 'Expected execution once, got it several times.'],
    ['/api/updates?since=', 400, 'Expected since to be the version of an answer, got "": leave it out'],
    ['/api/updates?until=1', 400, 'Expected only the parameters [execution, since], got "until".'],
    ['/api/logs/a%2fb', 400, 'Expected a request id of letters, digits and hyphens, got "a%2fb"; take it from a link'],
    ['/api/logs/a?lines=2', 400, 'Expected only the parameters [], got "lines".'],
    ['/api/logs', 404, 'There is no /api/logs;'],
    ['/api/executions?limit=1', 400, 'Expected only the parameters [], got "limit".'],
    ['/api/executions/x', 404, 'There is no /api/executions/x'],
    ['/api/mails/%zz', 400, 'Expected a message id of letters'],
    ['/api/mails/..%2f..%2fetc', 400, 'Expected a message id of letters'],
    ['/api/mails/a%0d%0ab/raw', 400, 'Expected a message id of letters'],
    ['/api/mails/', 400, 'Expected a message id of letters'],
    ['/api/mails/nobody@sim.example', 404, 'There is no mail nobody@sim.example in the inbox'],
    ['/api/mails/mail-1@sim.example/pdf', 404, 'There is no /api/mails/mail-1@sim.example/pdf'],
    ['/api/mails/mail-1@sim.example/html/x', 404, 'There is no /api/'],
    ['/api/run/x', 404, 'There is no /api/run/x'],
    ['/api/', 404, 'There is no /api/;'],
  ])('%s with %i and a sentence', async (path, status, sentence) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(messageOf(answer)).toContain(sentence);
  });
});
