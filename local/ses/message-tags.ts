import { ServiceError } from '../service';

/** Characters. SES's reference says 256, and said fewer than 256 earlier: the stricter one holds here. */
const LONGEST = 255;

/**
 * Refuses tags of a message as SES does, with `InvalidParameterValue`: names and values of 1 to 255 ASCII letters,
 * digits, `_` and `-`. Nothing else comes of tags here: they only show in the events of a configuration set.
 */
export function checkTags(tags: unknown): void {
  if (!Array.isArray(tags)) throw invalid('Expected Tags to be a list.');
  for (const tag of tags as readonly { readonly Name?: unknown; readonly Value?: unknown }[]) {
    checkPart('name', tag.Name ?? '');
    checkPart('value', tag.Value ?? '');
  }
}

function checkPart(part: 'name' | 'value', text: unknown): void {
  if (text === '') throw invalid(`The tag ${part} must be specified.`);
  const value = String(text);
  if (value.length > LONGEST) {
    throw invalid(`Tag ${part} cannot exceed ${LONGEST} characters.`);
  }
  if (!/^[A-Za-z0-9_-]+$/.test(value)) {
    throw invalid(`Invalid tag ${part} <${value}>: only alphanumeric ASCII characters, '_', and '-' are allowed.`);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}
