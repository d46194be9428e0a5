"""E-mails: newsletters and press releases as they were sent.

Takes the bytes of an .eml file; gives the fields of an `Article` that it fills.
"""

from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parseaddr

from pipeline.read.dates import iso_date
from pipeline.read.decode import decode, lines_ended, mended
from pipeline.read.page import page


def letter(data: bytes) -> dict[str, str]:
    """Subject, sender, date and text; of a letter in two forms the plain one."""
    mail = message_from_bytes(data, _class=EmailMessage, policy=default)
    body = mail.get_body(preferencelist=("plain", "html"))
    text = lines_ended(mended(_decoded(body))) if body else ""
    found = page(text) if body and body.get_content_type() == "text/html" else {"text": text}
    subject, sender, sent = (str(mail[name] or "") for name in ("subject", "from", "date"))
    return found | {"title": subject, "byline": parseaddr(sender)[0], "published": iso_date(sent)}


def _decoded(body: MIMEPart) -> str:
    """The text of a part in the charset that it declares, or as any file where that is none."""
    payload = body.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw.decode(body.get_content_charset(""), errors="replace")
    except LookupError:
        return decode(raw)[0]
