export const EMPTY = (kind: string, name: string) =>
  `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`;
export const SCHEMA = 'The provided key element does not match the schema';
export const HASH_SIZE = /Size of hashkey has exceeded the maximum size limit of ?2048 bytes/;
export const RANGE_SIZE = /Aggregated size of all range keys has exceeded the size limit of 1024 bytes/;

export const pk = { S: 'refusals' };
export const BLOBS = { TableName: 'blobs' };
export const KEYS_ARE_NOT_EMPTY = 'Developer Guide, HowItWorks.NamingRulesDataTypes.html, String and Binary';
export const invalid = (rest: string) => `One or more parameter values were invalid: ${rest}`;
