import { ServiceError } from '../aws-service';
import type { Tag } from './machine';
import { broken, checkedText, type Input, unreadable, validation } from './members';

/** "A resource can have at most 50 tags." (Step Functions' quotas) */
const MOST_TAGS = 50;
/** Letters, digits, white space and these: `_ . : / = + - @` (API reference, Tag). */
const OF_TAGS = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u;

/**
 * The tags that a request gives.
 *
 * @throws ServiceError `TooManyTags`, or `ValidationException` where one of them is refused
 */
export function tagsOf(input: Input): readonly Tag[] {
  const given = input.tags ?? [];
  if (!Array.isArray(given)) throw unreadable('tags', 'a list', given);
  if (given.length > MOST_TAGS) {
    throw new ServiceError('TooManyTags', `Expected at most ${MOST_TAGS} tags, got ${given.length}.`);
  }
  return given.map((tag: Input, index) => {
    const where = `tags.${index + 1}.member`;
    const key = checkedText({ [`${where}.key`]: tag.key }, `${where}.key`, { min: 1, max: 128 });
    const value = checkedText({ [`${where}.value`]: tag.value }, `${where}.value`, { max: 256 }) ?? '';
    if (key === undefined) throw broken(`${where}.key`, 'null', 'not be null');
    for (const text of [key, value]) if (!OF_TAGS.test(text)) throw refusedCharacters(text);
    return { key, value };
  });
}

function refusedCharacters(text: string): ServiceError {
  return validation(
    `Expected a tag of letters, digits, white space and _ . : / = + - @, got '${text}'; leave the others out.`,
  );
}
