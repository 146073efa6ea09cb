import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';

/** Where Debian's packages keep the programs of each version. */
const VERSIONS = '/usr/lib/postgresql';
/** Text is ordered as a dictionary does, "a" before "B": a source that leaves the order to the database gets that one. */
const LOCALE = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];

/** A PostgreSQL server of its own in a directory of its own, reached by nobody but this machine. */
export class ThrowAwayPostgres {
  #server: ChildProcess | undefined;

  private constructor(
    private readonly programs: string,
    private readonly directory: string,
    private readonly port: number,
  ) {
    process.once('exit', () => this.#server?.kill('SIGQUIT'));
  }

  /** @throws Error where PostgreSQL is not installed, or does not start */
  static async start(): Promise<ThrowAwayPostgres> {
    const programs = installedPrograms();
    const directory = mkdtempSync(join(tmpdir(), 'worker-chains-postgres-'));
    const { uid, gid } = unprivileged();
    if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
    const options = ['--pgdata', directory, '--username=worker', '--auth=trust', '--no-sync', ...LOCALE];
    execFileSync(join(programs, 'initdb'), options, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: directory,
      ...unprivileged(),
    });
    const postgres = new ThrowAwayPostgres(programs, directory, await freePort());
    await postgres.resume();
    return postgres;
  }

  get url(): string {
    return `postgres://worker@127.0.0.1:${this.port}/postgres`;
  }

  /** Starts the server over the data that it has; comes back when it takes connections. */
  async resume(): Promise<void> {
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: this.directory,
      // Nothing here is to survive the machine.
      fsync: 'off',
      full_page_writes: 'off',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = spawn(join(this.programs, 'postgres'), ['-D', this.directory, ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: this.directory,
      ...unprivileged(),
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      server.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        if (log.includes('database system is ready to accept connections')) resolve();
      });
      server.once('error', reject);
      server.once('exit', () => reject(new Error(`Expected PostgreSQL to start, got this: ${log}`)));
    });
  }

  /** As a crash does: connections are cut, whatever they are at. */
  async crash(): Promise<void> {
    await this.end('SIGQUIT');
  }

  async stop(): Promise<void> {
    await this.end('SIGINT');
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async end(signal: 'SIGQUIT' | 'SIGINT'): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }
}

/** initdb refuses to work for root: then it is the user whom the package has made. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function installedPrograms(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const newest = versions
    .filter((version) => existsSync(join(VERSIONS, version, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))[0];
  if (newest !== undefined) return join(VERSIONS, newest, 'bin');
  throw new Error(
    `Expected a PostgreSQL server below ${VERSIONS}, got none: install it as .ci/run does, with apt-get install postgresql.`,
  );
}
