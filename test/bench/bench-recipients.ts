/** Bytes of a recipient's row, as the shipped job's are. */
export const ROW_BYTES = 700;

const PREFIX = 'u';

export function addressOf(id: number): string {
  return `${PREFIX}${id}@example.com`;
}

export function isBenchAddress(address: string): boolean {
  return address.startsWith(PREFIX);
}

export function idOf(address: string): number {
  return Number(address.slice(PREFIX.length, address.indexOf('@')));
}
