import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import manifest from '../../package.json';
import type { Checks } from '../interop/checks';
import { authorFiles, mailFiles } from './author-files';
import { Command, type Result, run } from './command';

const { devDependencies: versions } = manifest;
const pinned = (...names: (keyof typeof versions)[]) => names.map((name) => `${name}@${versions[name]}`);

/** What the package must do without once it is installed. */
const OF_THE_WORKSHOP = ['jest', '@swc/core', 'tsx', 'typescript', 'dynalite', 'fast-check', 'knip', '@biomejs/biome'];

/** Of what `--json` prints. */
interface Report {
  readonly status: string;
  readonly planned: number;
  readonly done: number;
  readonly skipped: number;
  readonly mailsReceived: number;
}

/** Uses the package as the author of a job would, who has nothing but the tarball and what npm installs with it. */
export class Consumer {
  constructor(
    private readonly checks: Checks,
    private readonly directory: string,
  ) {}

  async use(tarball: string): Promise<void> {
    await this.install(tarball);
    for (const [path, text] of Object.entries(authorFiles())) this.write(path, text);
    await this.loadDoors();
    await this.compile();
    await this.testJob();
    await this.templates();
    await this.synthesize();
    await this.dev();
    await this.page();
    await this.refusals();
  }

  private async install(tarball: string): Promise<void> {
    const { checks } = this;
    const quiet = ['--prefer-offline', '--no-audit', '--no-fund'];
    await this.succeeds('npm init -y', ['npm', 'init', '-y']);
    const product = ['npm', 'install', ...quiet, tarball, ...pinned('aws-cdk-lib', 'constructs')] as const;
    await this.succeeds('installs the tarball with what it needs', product);
    const present = OF_THE_WORKSHOP.filter((name) => existsSync(join(this.directory, 'node_modules', name)));
    checks.equal('needs nothing of what it was made with', present, []);
    const tools = pinned('aws-cdk', 'tsx', 'typescript', '@types/node');
    await this.succeeds('installs what the author brings', ['npm', 'install', '-D', ...quiet, ...tools]);
  }

  /** As ES modules and as CommonJS. The construct is the same for both. */
  private async loadDoors(): Promise<void> {
    this.write(
      'doors.mjs',
      `import { createRequire } from 'node:module';
import { defineJob, skip, isSkip } from 'worker-chains';
import { processItems } from 'worker-chains/testing';
import { WorkerChains } from 'worker-chains/cdk';
const require = createRequire(import.meta.url);
const loaded = [defineJob, processItems, WorkerChains, isSkip(skip('x')),
  require('worker-chains').defineJob, require('worker-chains/testing').processItems,
  require('worker-chains/cdk').WorkerChains === WorkerChains];
console.log(loaded.every(Boolean) ? 'all' : loaded);
`,
    );
    const { stdout } = await this.succeeds('the doors open for import and for require', ['node', 'doors.mjs']);
    this.checks.equal('what they give', stdout.trim(), 'all');
  }

  /** Every declaration is looked at, the package's own included. */
  private async compile(): Promise<void> {
    const options = { strict: true, noEmit: true, target: 'es2023', types: ['node'], skipLibCheck: false };
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const files = ['app.ts', 'jobs/hello.ts', 'jobs/hello.test.ts'];
      const settings = { compilerOptions: { ...options, module, moduleResolution }, files };
      this.write('tsconfig.json', JSON.stringify(settings));
      await this.succeeds(`compiles for ${moduleResolution}`, ['npx', 'tsc']);
    }
  }

  private async testJob(): Promise<void> {
    const test = ['node', '--import', 'tsx', '--test', 'jobs/hello.test.ts'] as const;
    const { stdout } = await this.succeeds('tests the job by worker-chains/testing', test);
    this.checks.equal('tests that passed', /^# pass (\d+)$/m.exec(stdout)?.[1], '4');
  }

  /** As docs/templates.md has it. MJML is not installed. */
  private async templates(): Promise<void> {
    for (const [path, text] of Object.entries(mailFiles())) this.write(path, text);
    await this.succeeds('compiles templates', TEMPLATES());
    await this.succeeds('finds them up to date', TEMPLATES('--check'));
    this.write(
      'render.ts',
      `import { mailTemplate } from 'worker-chains';
import compiled from './mails/bill.compiled.js';
const { subject } = mailTemplate(compiled).render('de', { name: null, number: 7, lines: [], payUrl: 'https://x.example' });
// @ts-expect-error A variable is missing.
const incomplete = () => mailTemplate(compiled).render('de', { number: 7 });
console.log(subject, typeof incomplete);
`,
    );
    const { stdout } = await this.succeeds('renders them', ['npx', 'tsx', 'render.ts']);
    this.checks.equal('what they render', stdout.trim(), 'Ihre Rechnung 7 function');
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig'];
    await this.succeeds('and their variables are typed', ['npx', 'tsc', ...options, 'render.ts']);
    rmSync(join(this.directory, 'mails/bill/html.hbs'));
    this.write('mails/bill/html.mjml', '<mjml></mjml>');
    const { code, stderr } = await run(this.directory, TEMPLATES());
    const says = 'Expected the package mjml to be installed for html.mjml, got none';
    this.checks.holds('asks for MJML where it is needed', code === 1 && stderr.startsWith(says), stderr);
  }

  private async synthesize(): Promise<void> {
    await run(this.directory, ['npm', 'pkg', 'set', 'type=module']);
    await this.succeeds('npx cdk synth, of an app in ES modules', SYNTH);
    await run(this.directory, ['npm', 'pkg', 'set', 'type=commonjs']);
    await this.succeeds('npx cdk synth', SYNTH);
    const output = join(this.directory, 'cdk.out');
    const bundles = readdirSync(output)
      .map((name) => join(output, name, 'index.mjs'))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'utf8'));
    const withJob = bundles.filter((code) => code.includes('"hello"')).length;
    this.checks.holds('bundles the job, for the functions that it is for', withJob > 0 && withJob < bundles.length, {
      bundles: bundles.length,
      withJob,
    });
  }

  private async dev(): Promise<void> {
    const { stdout } = await this.succeeds('npx worker-chains dev', DEV('--json'));
    const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report;
    const { status, planned, done, skipped, mailsReceived } = report;
    this.checks.equal('its status', status, 'SUCCEEDED');
    // Skipped by the author's `skip`: job and handlers are one module.
    this.checks.holds(
      'its items',
      done === mailsReceived && done > 0 && skipped > 0 && done + skipped === planned,
      report,
    );
  }

  private async page(): Promise<void> {
    // Not by npx, which a Ctrl-C ends as well, and which then has its own exit code.
    const serving = new Command(this.directory, ['node_modules/.bin/worker-chains', ...DEV('--serve').slice(2)]);
    const url = await serving.captured(/(http:\/\/127\.0\.0\.1:\d+)/);
    await serving.captured(/(Serving until Ctrl-C)/);
    const page = await fetch(url);
    const html = await page.text();
    this.checks.equal('the page is served', page.status, 200);
    const script = /<script[^>]* src="([^"]+)"/.exec(html)?.[1];
    const answer = script === undefined ? undefined : await fetch(new URL(script, url));
    this.checks.equal('and its script', [answer?.status, answer?.headers.get('content-type')], SCRIPT);
    serving.interrupt();
    this.checks.equal('Ctrl-C ends it', (await serving.result).code, 0);
  }

  private async refusals(): Promise<void> {
    const app = authorFiles()['app.ts'];
    this.write('jobs/nothing.ts', 'export const nothing = 1;\n');
    for (const [job, sentence] of [
      ['jobs/missing.ts', /Expected `job` to be a file .*jobs\/missing\.ts/],
      ['jobs/nothing.ts', /Expected jobs\/nothing\.ts to export a job by default, got nothing/],
    ] as const) {
      this.write('app.ts', app.replace('jobs/hello.ts', job));
      for (const command of [SYNTH, DEV()]) {
        const { code, stdout, stderr } = await run(this.directory, command);
        const said = stdout + stderr;
        this.checks.holds(`${command[1]} refuses ${job} in a sentence`, code === 1 && sentence.test(said), {
          code,
          said,
        });
      }
    }
    this.write('app.ts', app);
    rmSync(join(this.directory, 'cdk.json'));
    const { code, stderr } = await run(this.directory, DEV());
    this.checks.holds('dev says where it looked for an app', code === 2 && /Expected a cdk\.json/.test(stderr), stderr);
  }

  private async succeeds(what: string, command: readonly [string, ...string[]]): Promise<Result> {
    const result = await run(this.directory, command);
    if (result.code !== 0) {
      throw new Error(
        `Expected "${command.join(' ')}" to succeed, got ${result.code}: ${result.stdout}${result.stderr}`,
      );
    }
    this.checks.ok(`${what} (${result.seconds.toFixed(1)} s)`);
    return result;
  }

  private write(path: string, text: string): void {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const SCRIPT = [200, 'text/javascript; charset=utf-8'];
const SYNTH = ['npx', 'cdk', 'synth', '--quiet'] as const;
const TEMPLATES = (...options: string[]) => ['npx', 'worker-chains', 'templates', 'mails/bill', ...options] as const;
const DEV = (...options: string[]) => ['npx', 'worker-chains', 'dev', '--port', '0', ...options] as const;
