import { ServiceError } from '../aws-service';

/** Header fields that SES takes once only (SES Developer Guide, "Amazon SES header fields"). */
const ONCE = new Set(
  `Accept-Language acceptLanguage Archived-At Auto-Submitted Bounces-to Comments Content-Alternative Content-Base
  Content-Class Content-Description Content-Disposition Content-Duration Content-ID Content-Language Content-Length
  Content-Location Content-MD5 Content-Transfer-Encoding Content-Type Date Delivered-To
  Disposition-Notification-Options Disposition-Notification-To DKIM-Signature DomainKey-Signature Errors-To From
  Importance In-Reply-To Keywords List-Archive List-Help List-Id List-Owner List-Post List-Subscribe List-Unsubscribe
  List-Unsubscribe-Post Message-Context Message-ID MIME-Version Organization Original-From Original-Message-ID
  Original-Recipient Original-Subject Precedence Priority References Reply-To Return-Path Return-Receipt-To Sender
  Solicitation Sensitivity Subject Thread-Index Thread-Topic User-Agent VBR-Info`
    .toLowerCase()
    .split(/\s+/),
);

/** Printable ASCII but the colon (RFC 5322, section 3.6.8). */
const FIELD_NAME = /^[!-9;-~]+$/;

/**
 * Refuses the header section of a message as SES does, in the words that users of SES report.
 *
 * @param head the section with its folded lines joined
 * @throws ServiceError `InvalidParameterValue` where a field is malformed, or there twice
 */
export function checkHeaderFields(head: string): void {
  const seen = new Set<string>();
  for (const line of head.split(/\r?\n/)) {
    if (line === '') continue;
    const [name = ''] = line.split(':', 1);
    // White space between the name and the colon is obsolete syntax that readers must take (RFC 5322, section 4.5.8).
    const field = name.trimEnd();
    if (field === '') throw invalid('Empty header names are illegal.');
    if (!line.includes(':') || !FIELD_NAME.test(field)) throw invalid(`Illegal header '${name}'.`);
    const canonical = field.toLowerCase();
    if (seen.has(canonical) && ONCE.has(canonical)) throw invalid(`Duplicate header '${field}'.`);
    seen.add(canonical);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}
