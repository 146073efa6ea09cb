import { ServiceError } from '../aws-service';

/** A local part of 64, @ and a domain of 255 (RFC 5321, 4.5.3.1). In what words SES refuses more is not documented. */
const LONGEST_ADDRESS = 320;

const SPECIALS = new Set('()<>,;:\\"[]@');

/**
 * Refuses an address as SES does, in SES's own words (they are those of Java's mail library, which SES checks addresses
 * with). SES wants an ASCII local part and the domain in Punycode.
 *
 * @throws ServiceError `InvalidParameterValue` where it is no address
 */
export function checkAddress(address: string): void {
  if (address.length > LONGEST_ADDRESS) {
    throw new ServiceError(
      'InvalidParameterValue',
      `Expected an address of at most ${LONGEST_ADDRESS} characters, got ${address.length}.`,
    );
  }
  const complaint = complaintAbout(address);
  if (complaint) throw new ServiceError('InvalidParameterValue', complaint);
}

function complaintAbout(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const local = at < 0 ? address : address.slice(0, at);
  return (
    complaintAboutLocal(local, at) ?? (at < 0 ? "Missing final '@domain'" : complaintAboutDomain(address.slice(at + 1)))
  );
}

function complaintAboutLocal(local: string, at: number): string | undefined {
  if (at === 0) return 'Missing local name';
  if (/^"(?:[^"\\]|\\.)*"$/.test(local)) return undefined;
  if (local.startsWith('.')) return 'Local address starts with dot';
  if (local.includes('..')) return 'Local address contains dot-dot';
  if (local.endsWith('.') && at > 0) return 'Local address ends with dot';
  for (const character of local) {
    if (isControlOrSpace(character)) return 'Local address contains control or whitespace';
    if (SPECIALS.has(character) || character > '~') return 'Local address contains illegal character';
  }
  return undefined;
}

function complaintAboutDomain(domain: string): string | undefined {
  if (domain === '') return 'Missing domain';
  if (domain.startsWith('.')) return 'Domain starts with dot';
  for (const character of domain) {
    if (isControlOrSpace(character)) return 'Domain contains control or whitespace';
    if (!/[A-Za-z0-9.-]/.test(character)) return 'Domain contains illegal character';
  }
  if (domain.includes('..')) return 'Domain contains dot-dot';
  if (domain.endsWith('.')) return 'Domain ends with dot';
  return undefined;
}

function isControlOrSpace(character: string): boolean {
  return character <= ' ' || character === '\u007f';
}
