import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { templates } from '../../../cli/templates/templates';
import { DIGEST } from '../../examples/weekly-digest/digest-words';
import { directoryOf, LEAST, removeDirectories, write } from './mail-directory';

let stdout: jest.SpyInstance;
beforeEach(() => {
  stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => stdout.mockRestore());
afterAll(removeDirectories);

const typeOf = (file: string) => /export interface Variables (\{[\s\S]*?^\})/m.exec(readFileSync(file, 'utf8'))?.[1];

describe('worker-chains templates', () => {
  it('writes a module beside the directory, and says in which languages', async () => {
    const directory = directoryOf({ ...LEAST, 'de/subject.hbs': 'Hallo {{name}}' });
    expect(await templates({}, `${directory}/`)).toBe(0);
    expect(stdout.mock.calls).toEqual([[`${directory}.compiled.ts: de, en\n`]]);
    expect(existsSync(`${directory}.compiled.ts`)).toBe(true);
  });

  it('writes beside the directory that it is called in, too', async () => {
    const directory = directoryOf(LEAST);
    const before = process.cwd();
    try {
      process.chdir(directory);
      expect(await templates({}, '.')).toBe(0);
    } finally {
      process.chdir(before);
    }
    expect(existsSync(`${directory}.compiled.ts`)).toBe(true);
  });

  it('checks, and writes nothing: the module is there, and is what the templates are', async () => {
    const directory = directoryOf(LEAST);
    const out = `${directory}/../${directory.split('/').at(-1)}.mail.ts`;
    const check = () => templates({ out, check: true }, directory).catch((error: Error) => error.message);
    expect(await check()).toMatch(
      /^Expected .*\.mail\.ts to be what \S+ is, got no such file: run .* templates \S+, and commit/,
    );
    expect(existsSync(out)).toBe(false);
    await templates({ out }, directory);
    expect(await check()).toBe(0);
    const before = readFileSync(out, 'utf8');
    writeFileSync(out, before.replaceAll('\n', '\r\n'));
    expect(await check()).toBe(0);
    write(directory, 'html.hbs', '<p>Hello, {{name}}</p>\n');
    expect(await check()).toMatch(/got another: run/);
    expect(readFileSync(out, 'utf8')).toBe(before.replaceAll('\n', '\r\n'));
  });

  it('finds the digest’s module up to date', async () => {
    expect(await templates({ check: true }, DIGEST)).toBe(0);
  });

  it('writes the same module wherever the directory lies, and JavaScript where that is asked for', async () => {
    const modules = await Promise.all(
      ['x.ts', 'x.mjs'].map(async (name) => {
        const directory = directoryOf(
          Object.fromEntries(Object.entries(LEAST).map(([file, text]) => [`mail/${file}`, text])),
        );
        await templates({ out: `${directory}/${name}` }, `${directory}/mail`);
        return readFileSync(`${directory}/${name}`, 'utf8');
      }),
    );
    expect(modules[0]).toContain('// Made by `worker-chains templates` of mail:');
    expect(modules[1]).not.toContain('CompiledMail');
    expect(modules.join()).not.toContain(process.cwd());
    expect(modules.join()).not.toContain('/tmp');
  });

  it('writes the type of the variables', async () => {
    const directory = directoryOf({
      ...LEAST,
      'html.hbs': `{{#if bonus}}{{bonus}} {{reason.short}}{{/if}}{{#if seen}}x{{/if}}
        <a href="{{url}}">{{#each lines as |line|}}{{line.price}}{{#if line.note}}{{line.note}}{{/if}}{{../total}}{{#each tags}}{{this}}{{/each}}{{/each}}</a>
        {{lookup labels kind}}{{#with a-b}}{{c}}{{/with}}{{#if lines}}{{@index}}{{/if}}`.replace('{{@index}}', ''),
    });
    await templates({}, directory);
    expect(typeOf(`${directory}.compiled.ts`)).toBe(`{
  readonly "a-b": {
    readonly c: string | number;
  };
  readonly bonus: string | number | null;
  readonly kind: string | number;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly lines: readonly {
    readonly note: string | number | null;
    readonly price: string | number;
    readonly tags: readonly (string | number)[];
  }[];
  readonly name: string | number;
  readonly reason?: {
    readonly short?: string | number;
  };
  readonly seen: unknown;
  readonly total: string | number;
  readonly url: string;
}`);
  });

  it.each([
    [
      'nowhere',
      {},
      'Expected templates to be followed by the directory of a mail, got nowhere: see npx worker-chains templates --help.',
    ],
    ['test', { out: 'x.json' }, 'Expected --out to be a file .ts, .mts, .js or .mjs, got x.json.'],
  ])('refuses in one sentence: %s %j', async (directory, flags, sentence) => {
    await expect(templates(flags, directory)).rejects.toThrow(sentence);
  });
});
