import type { Listing, ListingRequest } from '../s3/object-listing';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

type Content = string | number | boolean | readonly Element[];
type Element = readonly [name: string, content: Content];

/** The XML of an error, with the details that S3 gives for its code. */
export function errorXml(elements: Readonly<Record<string, string>>): string {
  return documentOf(`<Error>${written(Object.entries(elements))}</Error>`);
}

/** ListBucketResult. With `encodingType`, names in it are encoded, as a form is, except for `/`. */
export function listingXml(
  bucket: string,
  request: ListingRequest,
  { contents, commonPrefixes, nextContinuationToken }: Listing,
  encodingType: 'url' | undefined,
): string {
  const { Prefix, Delimiter, StartAfter, ContinuationToken, MaxKeys } = request;
  const name = encodingType === 'url' ? formEncoded : (text: string) => text;
  const optional = (element: string, text: string | undefined): Element[] =>
    text === undefined || text === '' ? [] : [[element, text]];
  const elements: readonly Element[] = [
    ['Name', bucket],
    ['Prefix', name(Prefix)],
    ...optional('StartAfter', StartAfter && name(StartAfter)),
    ...optional('ContinuationToken', ContinuationToken),
    ...optional('NextContinuationToken', nextContinuationToken),
    ['KeyCount', contents.length + commonPrefixes.length],
    ['MaxKeys', MaxKeys],
    ...optional('Delimiter', name(Delimiter)),
    ...optional('EncodingType', encodingType),
    ['IsTruncated', nextContinuationToken !== undefined],
    ...contents.map(
      ({ key, lastModified, md5, checksum, size }): Element => [
        'Contents',
        [
          ['Key', name(key)],
          ['LastModified', new Date(lastModified).toISOString()],
          ['ETag', `"${md5}"`],
          ['ChecksumAlgorithm', checksum.algorithm],
          ['ChecksumType', 'FULL_OBJECT'],
          ['Size', size],
          ['StorageClass', 'STANDARD'],
        ],
      ],
    ),
    ...commonPrefixes.map((prefix): Element => ['CommonPrefixes', [['Prefix', name(prefix)]]]),
  ];
  return documentOf(`<ListBucketResult xmlns="${NAMESPACE}">${written(elements)}</ListBucketResult>`);
}

function documentOf(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

function written(elements: readonly Element[]): string {
  return elements
    .map(
      ([name, content]) => `<${name}>${Array.isArray(content) ? written(content) : escaped(String(content))}</${name}>`,
    )
    .join('');
}

/**
 * Characters that XML 1.0 has no way to write are numbered all the same: a key is to come back as it is, and a strict
 * reader, which refuses them, has the encoding type for it.
 */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.replace(/[&<>"\u0000-\u001f\u007f\ufffe\uffff]/g, (character) => `&#${character.codePointAt(0)};`);
}

/** As Java's URLEncoder and with it S3: a space is `+`, and of the signs only `-_.*` stay, here with `/`. */
function formEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}
