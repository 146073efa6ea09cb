"""Reads mails with Python's own parser: base64, one a line, on stdin; what it makes of each as one line of JSON."""

import base64
import email
import email.header
import email.policy
import email.utils
import json
import sys


def joins_words():
    """Whether this Python joins the encoded words of a name, as RFC 2047, 6.2 has it: older ones put a space between."""
    probe = b"To: =?utf-8?q?a?= =?utf-8?q?b?= <x@example.org>\r\n\r\n"
    return email.message_from_bytes(probe, policy=email.policy.default)["To"].addresses[0].display_name == "ab"


def names_of(raw, header):
    """The names and addresses of a header: by the older parser where the newer one cannot."""
    if JOINS_WORDS:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        return [[a.display_name, a.addr_spec] for a in message[header].addresses]
    values = email.message_from_bytes(raw).get_all(header)
    decoded = lambda name: str(email.header.make_header(email.header.decode_header(name)))
    return [[decoded(name), address] for name, address in email.utils.getaddresses(values)]


JOINS_WORDS = joins_words()


def read(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    attachments = list(message.iter_attachments())
    return {
        "headers": message.keys(),
        "subject": str(message["Subject"]),
        "from": names_of(raw, "From"),
        "to": names_of(raw, "To"),
        "replyTo": [a.addr_spec for a in message["Reply-To"].addresses],
        "note": str(message["X-Note"]),
        "language": str(message["Content-Language"]),
        "listId": str(message["List-Id"]),
        "filenames": [part.get_filename() for part in attachments],
        "texts": [part.get_content() for part in attachments if part.get_content_maintype() == "text"],
        "contents": [base64.b64encode(part.get_payload(decode=True)).decode() for part in attachments],
        "html": message.get_body(("html",)).get_content(),
        "text": message.get_body(("plain",)).get_content(),
        "defects": [type(defect).__name__ for part in message.walk() for defect in part.defects]
        + [
            f"{name}: {type(defect).__name__}"
            for part in message.walk()
            for name, value in part.items()
            for defect in value.defects
            # The encoded word that old readers take as the name of a file is against RFC 2047, 5; the name that counts is
            # in Content-Disposition.
            if not (part.is_attachment() and name == "Content-Type")
        ],
    }


for line in sys.stdin:
    print(json.dumps(read(base64.b64decode(line))))
