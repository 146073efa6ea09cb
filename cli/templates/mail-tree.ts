import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Failure } from '../command-line';
import { TemplateFault, type TemplateSource, templateSource } from './template-source';

const SETTINGS = 'mail.json';
const WORDS = 'words.json';
const FILES = ['subject.hbs', 'html.hbs', 'html.mjml', 'text.hbs', 'layout.hbs', 'layout.mjml', SETTINGS, WORDS];
/** What is looked at: whatever else lies there, a picture, a note, is none of ours. */
const OURS = /\.(hbs|mjml|json)$/;
const LANGUAGE = /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i;

/** The directory of a mail: its files, those of its languages, and those that it shares with other mails. */
export class MailTree {
  /** Name of the directory. */
  readonly name: string;
  /** BCP 47 tag of the files that stand in the directory itself. */
  readonly language: string;
  /** All of them, in order. */
  readonly languages: readonly string[];
  private readonly shared: string | undefined;
  private readonly sources = new Map<string, TemplateSource>();

  /** @throws TemplateFault, or Failure, where it is no directory of a mail */
  constructor(private readonly directory: string) {
    this.name = basename(resolve(directory));
    const { language, shared } = this.settings();
    this.language = language;
    this.shared = shared;
    const others = this.languagesIn('');
    if (others.includes(language)) {
      throw new TemplateFault(
        SETTINGS,
        `Expected the files of ${language} in the directory itself, got ${language}/, too: move them.`,
      );
    }
    this.languages = [language, ...others].sort();
  }

  /** The first of these files that there is for a language: its own, of what it is a kind of, the mail's, the shared one. */
  find(language: string, ...names: readonly string[]): TemplateSource | undefined {
    for (const folder of this.everyFolder(language)) {
      const found = names.filter((name) => existsSync(join(this.directory, folder, name)));
      const [name, other] = found;
      if (other !== undefined)
        throw new TemplateFault(folder || this.name, `Expected ${names.join(' or ')}, got both: remove one.`);
      if (name !== undefined) return this.source(join(folder, name));
    }
    return undefined;
  }

  /**
   * The text part that was written for a page: not one that is more general than it, which may be in another language.
   *
   * @param page of `find`, for the same language
   */
  textBeside(language: string, page: TemplateSource): TemplateSource | undefined {
    const folders = this.everyFolder(language).map(shown);
    const rank = ({ file }: TemplateSource) => folders.indexOf(shown(dirname(file)));
    const text = this.find(language, 'text.hbs');
    return text && rank(text) <= rank(page) ? text : undefined;
  }

  /** The same one each time, so that one within itself is seen. */
  private source(path: string): TemplateSource {
    const known = this.sources.get(path);
    if (known) return known;
    const text = this.read(path);
    // It is one line, wherever it is put.
    const source = templateSource(shown(path), path.endsWith('subject.hbs') ? text.trim() : text);
    this.sources.set(path, source);
    return source;
  }

  /** The words of a language, by name: what its own file lacks, that of what it is a kind of has, or the shared one. */
  words(language: string): ReadonlyMap<string, TemplateSource> {
    const folders = [...this.folders('', language, false), ...this.folders(this.shared, language, false)];
    const words = new Map<string, TemplateSource>();
    for (const folder of folders) {
      for (const [name, source] of this.wordsIn(folder)) if (!words.has(name)) words.set(name, source);
    }
    if (language === this.language) return words;
    const known = this.words(this.language);
    for (const [name, { at }] of words) {
      if (!known.has(name))
        throw new TemplateFault(at(1, ''), `Expected a word that ${WORDS} has, too, got ${name}: add it there.`);
    }
    return words;
  }

  /** Where the words of a language are looked for first. */
  wordsFile(language: string): string {
    return language === this.language ? WORDS : `${language}/${WORDS}`;
  }

  /** Where files of a language are looked for, in this order. */
  private everyFolder(language: string): readonly string[] {
    return [...this.folders('', language, true), ...this.folders(this.shared, language, true)];
  }

  /** Folders of a language, from the mail's directory; for files whatever the language, its general ones, too. */
  private folders(base: string | undefined, language: string, withGeneral: boolean): readonly string[] {
    if (base === undefined) return [];
    const tags = language.split('-').map((_, index, all) => all.slice(0, all.length - index).join('-'));
    // What stands in the directory itself is of this language, or of one that it is a kind of.
    const isGeneralToo = withGeneral || tags.includes(this.language);
    return [
      ...tags.filter((tag) => tag !== this.language).map((tag) => join(base, tag)),
      ...(isGeneralToo ? [base] : []),
    ];
  }

  private wordsIn(folder: string): readonly [string, TemplateSource][] {
    const path = join(folder, WORDS);
    if (!existsSync(join(this.directory, path))) return [];
    const text = this.read(path);
    const file = shown(path);
    return Object.entries(this.object(path, text)).map(([name, word]) => {
      const before = text.slice(0, Math.max(0, text.indexOf(JSON.stringify(name))));
      const place = `${file}:${before.split('\n').length}`;
      if (typeof word !== 'string')
        throw new TemplateFault(place, `Expected ${name} to be text, got ${typeof word}: correct it.`);
      return [name, { file, text: word, kind: 'text', at: () => place }];
    });
  }

  private settings(): { readonly language: string; readonly shared?: string } {
    if (!existsSync(join(this.directory, SETTINGS))) {
      throw new Failure(
        `Expected ${SETTINGS} in ${this.directory}, got none: write {"language": "en"} there, the language of the files beside it.`,
      );
    }
    const { language, shared, ...others } = this.object(SETTINGS, this.read(SETTINGS));
    const [other] = Object.keys(others);
    if (other !== undefined)
      throw new TemplateFault(SETTINGS, `Expected language and shared, got ${other}: remove it.`);
    if (typeof language !== 'string' || canonical(language) !== language) {
      throw new TemplateFault(
        SETTINGS,
        `Expected language to be a language such as en or pt-BR, got ${JSON.stringify(language) ?? 'nothing'}: correct it.`,
      );
    }
    if (shared === undefined) return { language };
    if (typeof shared === 'string' && existsSync(join(this.directory, shared))) return { language, shared };
    throw new TemplateFault(
      SETTINGS,
      `Expected shared to be a directory, from this one on, got ${JSON.stringify(shared)}: correct it.`,
    );
  }

  /**
   * The languages that have a folder.
   *
   * @throws TemplateFault where a file or a folder is none that is known
   */
  private languagesIn(folder: string): readonly string[] {
    const languages: string[] = [];
    for (const entry of readdirSync(join(this.directory, folder), { withFileTypes: true })) {
      const path = shown(join(folder, entry.name));
      if (entry.name === 'partials' || entry.name.startsWith('.')) continue;
      if (!entry.isDirectory()) {
        const isKnown = FILES.includes(entry.name) && (folder === '' || entry.name !== SETTINGS);
        if (isKnown || !OURS.test(entry.name)) continue;
        throw new TemplateFault(path, `Expected ${FILES.join(', ')} or partials/, got another file: rename it.`);
      }
      if (folder !== '' || canonical(entry.name) !== entry.name) {
        const advice = canonical(entry.name) ?? 'a language such as pt-BR';
        throw new TemplateFault(path, `Expected partials, or a language, got another folder: call it ${advice}.`);
      }
      this.languagesIn(entry.name);
      languages.push(entry.name);
    }
    return languages;
  }

  private object(path: string, text: string): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    } catch {
      // Said below.
    }
    throw new TemplateFault(shown(path), 'Expected an object in JSON, got something else: correct it.');
  }

  private read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8')
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n');
  }
}

/** The tag as it is to be written; undefined where it is no language. */
function canonical(tag: string): string | undefined {
  try {
    return LANGUAGE.test(tag) ? Intl.getCanonicalLocales(tag)[0] : undefined;
  } catch {
    return undefined;
  }
}

/** A path with `/`, from the mail's directory. */
function shown(path: string): string {
  return relative('', path).split(sep).join('/');
}
