/** A host name that Lambda gives to a function URL. */
const FUNCTION_HOST = /^([a-z0-9]+)\.lambda-url\.[a-z0-9-]+\.on\.aws$/;

/**
 * Where the engine that serves this page answers for the address of a function URL, as mails have it; undefined for any
 * other address.
 */
export function functionLink(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, pathname, search } = new URL(address);
  const id = protocol === 'https:' ? FUNCTION_HOST.exec(hostname)?.[1] : undefined;
  return id === undefined ? undefined : `/lambda-url/${id}${pathname}${search}`;
}
