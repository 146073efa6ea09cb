import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const DIGEST = join(__dirname, '../../../examples/weekly-digest/digest');

/** The digest's words as their author wrote them, by language. */
export const DIGEST_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  ['', ...readdirSync(DIGEST)]
    .map((folder) => [folder || 'en', join(DIGEST, folder, 'words.json')] as const)
    .filter(([, file]) => existsSync(file))
    .map(([language, file]) => [language, JSON.parse(readFileSync(file, 'utf8'))]),
);
