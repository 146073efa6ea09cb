import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

interface StaticFile {
  readonly contentType: string;
  readonly content: Buffer;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Every file in `static`, by name. A request picks from this map and never forms a path: there is nothing to traverse. */
export function readStaticFiles(): ReadonlyMap<string, StaticFile> {
  const directory = join(__dirname, 'static');
  const files = new Map<string, StaticFile>();
  for (const name of readdirSync(directory)) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (!contentType) throw new Error(`Expected only .html, .js, .css and .svg files in ${directory}, got ${name}.`);
    files.set(name, { contentType, content: readFileSync(join(directory, name)) });
  }
  return files;
}
