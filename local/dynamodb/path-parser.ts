import type { Path, TokenStream } from './expression-syntax';
import { isReservedWord } from './reserved-words';

export function isName(token: string): boolean {
  return /^[#A-Za-z]/.test(token);
}

/**
 * `a.b[0].#c`
 *
 * @throws ServiceError `ValidationException` where it is no path
 */
export function parsePath(tokens: TokenStream): Path {
  const path: (string | number)[] = [parseName(tokens)];
  for (;;) {
    if (tokens.takeIf('.')) {
      path.push(parseName(tokens));
    } else if (tokens.takeIf('[')) {
      if (!/^[0-9]+$/.test(tokens.peek() ?? '')) throw tokens.unexpected();
      path.push(Number(tokens.take()));
      tokens.expect(']');
    } else {
      return path;
    }
  }
}

function parseName(tokens: TokenStream): string {
  const name = tokens.peek();
  if (name === undefined || !isName(name)) throw tokens.unexpected();
  if (name.startsWith('#')) {
    tokens.names.add(name);
  } else if (isReservedWord(name)) {
    throw tokens.invalid(`Attribute name is a reserved keyword; reserved keyword: ${name}`);
  }
  return tokens.take();
}

/** @throws ServiceError `ValidationException` where it is no placeholder of a value */
export function parseValueName(tokens: TokenStream): string {
  if (!tokens.peek()?.startsWith(':')) throw tokens.unexpected();
  const name = tokens.take();
  tokens.values.add(name);
  return name;
}

export function parseProjection(tokens: TokenStream): readonly Path[] {
  const paths = [parsePath(tokens)];
  while (tokens.takeIf(',')) paths.push(parsePath(tokens));
  tokens.requireEnd();
  return paths;
}
