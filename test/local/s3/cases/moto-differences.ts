interface Difference {
  readonly reason: string;
  readonly sentences: readonly string[];
}

/** Where moto 5.2.1 does something else than S3 is documented to do. */
export const MOTO_S3_DIFFERENCES: readonly Difference[] = [
  {
    reason: 'it compares no digest with the bytes, and reads no signed hash',
    sentences: [
      'a checksum after the body that is of other bytes is refused: BadDigest',
      'a checksum of other bytes is refused: BadDigest',
      'an MD5 of other bytes is refused: BadDigest',
      'a signed hash of other bytes is refused: XAmzContentSHA256Mismatch',
      'a hash that is none is refused: InvalidArgument',
      'an MD5 that is none is refused: InvalidDigest',
      'a checksum that is none is refused: InvalidRequest',
      'more than one checksum is refused: InvalidRequest',
      'a checksum that is announced and does not come is refused: InvalidRequest',
      'another checksum than was announced is refused: InvalidRequest',
      'a trailer that does not come is refused: MalformedTrailerError',
    ],
  },
  {
    reason: 'it takes a body of chunks as far as it can read it, or fails',
    sentences: [
      'a body of fewer bytes than it says is refused: IncompleteBody',
      'a body of more bytes than it says is refused: IncompleteBody',
      'a body that ends in a chunk is refused: IncompleteBody',
      'a body that ends before its last chunk is refused: IncompleteBody',
      'a chunk without its size is refused: InvalidRequest',
      'a chunk that goes on after its size is refused: InvalidRequest',
      'a body of unknown length is refused: NotImplemented',
      'a body of chunks that do not say how much they are is refused: MissingContentLength',
    ],
  },
  {
    reason: 'it knows fewer limits',
    sentences: [
      'a key has 1,024 bytes at most, in UTF-8',
      'more than 2 KB of metadata is refused: MetadataTooLarge',
      'more than 1,000 keys are never on one page',
    ],
  },
  { reason: 'it takes any unit for bytes', sentences: ['Range: items=0-1 of ten bytes gives all'] },
  {
    reason: 'it fails on a max-keys that is no number of keys',
    sentences: ['a token that no page gave out, and a max-keys that is no number, are an InvalidArgument'],
  },
  {
    reason: 'it compares ETags with their quotes',
    sentences: ['If-Match takes an ETag without its quotes, and any'],
  },
  {
    reason: 'it fails on such a key',
    sentences: [
      'names with control characters are keys of objects of their own',
      'a listing has names with control characters as they are',
    ],
  },
];
