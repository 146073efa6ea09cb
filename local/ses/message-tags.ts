import { ServiceError } from '../aws-service';

/** Name and value. */
export type MessageTag = readonly [name: string, value: string];

/** Characters of a name and of a value: what SES itself says when it refuses one more. */
const LONGEST = 255;

/** Names with a colon that SES gives a meaning to: they become the `Feedback-ID` header. */
const SPECIAL_NAMES = /^ses:feedback-id-[a-d]$/;

/**
 * What may stand in a tag and how SES says so, recorded at AWS; the double space is SES's own. Its API reference names
 * only letters, digits, `_` and `-` for both.
 */
const PARTS = {
  name: { allowed: /^[A-Za-z0-9_-]+$/, told: "'_',  '-'" },
  value: { allowed: /^[A-Za-z0-9_.@-]+$/, told: "'_',  '-' , '.', '@'" },
};

/**
 * Refuses tags of a message as SES does, and returns them by name and value. They only show in the events of a
 * configuration set.
 *
 * @throws ServiceError `InvalidParameterValue` where a tag is malformed
 */
export function checkTags(tags: unknown): readonly MessageTag[] {
  if (!Array.isArray(tags)) throw invalid('Expected Tags to be a list.');
  return (tags as readonly { readonly Name?: unknown; readonly Value?: unknown }[]).map((tag) =>
    checkTag(String(tag.Name ?? ''), String(tag.Value ?? '')),
  );
}

/**
 * The tags of `X-SES-MESSAGE-TAGS`: `name=value`, with commas between them.
 *
 * @throws ServiceError `InvalidParameterValue` where a tag is malformed
 */
export function tagsOfHeader(header: string | undefined): readonly MessageTag[] {
  if (header === undefined || header.trim() === '') return [];
  return header.split(',').map((tag) => {
    const [name = '', ...value] = tag.split('=');
    return checkTag(name.trim(), value.join('=').trim());
  });
}

function checkTag(name: string, value: string): MessageTag {
  if (!SPECIAL_NAMES.test(name)) checkPart('name', name);
  checkPart('value', value);
  return [name, value];
}

function checkPart(part: keyof typeof PARTS, text: string): void {
  const { allowed, told } = PARTS[part];
  if (text === '') throw invalid(`The tag ${part} must be specified.`);
  if (text.length > LONGEST) {
    throw invalid(`Tag ${part} cannot exceed ${LONGEST} characters.`);
  }
  if (!allowed.test(text)) {
    throw invalid(`Invalid tag ${part} <${text}>: only alphanumeric ASCII characters, ${told} are allowed.`);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}
