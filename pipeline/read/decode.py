"""Bytes to characters, and the names of the decoding used.

Takes the bytes of a document; gives its text and an encoding name for `Article.encoding`. Byte order marks and strict
UTF-8 come first, then what the document declares, then windows-1252: statistical guessing read English news in
windows-1252 as cp1250, so nothing is guessed from letter counts.
"""

import re
from unicodedata import normalize

import ftfy

from pipeline.text.words import word_list, word_map

WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")  # the longer first: one mark begins with the other's
HEAD = 4096  # bytes in which a document declares itself: browsers look at 1,024
DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{2,40})")
BREAK = re.compile("\r\n|[\r\u0085\u2028\u2029]")
UNDECODED = re.compile("[\udc80-\udcff]")
# UTF-8 read as windows-1252: é, £, ’; the letters that this gives may have been taken apart since
MOJIBAKE = re.compile("(?:[ÂÃâ]|A[\u0302\u0303])[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
BROKEN = re.compile("[\x00\ud800-\udfff]")


def binary(data: bytes) -> str:
    """What kind of file this is where it is not text ("a PDF document"); empty where it is text."""
    named = next((what for magic, what in word_list("read", "magic") if data.startswith(bytes.fromhex(magic))), "")
    return named or ("binary data" if b"\0" in data and not wide(data) else "")


def wide(data: bytes) -> str:
    """The encoding of a UTF-16 or UTF-32 document, by its byte order mark or its pattern of NUL bytes; or empty."""
    if marked := next((encoding for encoding in WIDE if data.startswith("\ufeff".encode(encoding))), ""):
        return marked
    head = data[:HEAD]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) or 5 * max(even, odd) < 2 * len(head):
        return ""  # Western text in UTF-16 has a NUL in nearly every second byte, and none in the others
    return "utf-16-be" if even else "utf-16-le" if odd else ""


def decode(data: bytes, *, declares: bool = False) -> tuple[str, str]:
    """The text, as it stands in the bytes, and the encoding; `declares`: the document may name its own (HTML, XML)."""
    if encoding := wide(data):
        return data.decode(encoding, errors="replace").removeprefix("\ufeff"), encoding
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        codec = _declared(data[:HEAD]) if declares else ""
    return (data.decode(codec, errors="replace"), codec) if codec else _western(data)


def _declared(head: bytes) -> str:
    """The Python codec for the charset that a page declares: as browsers do, latin-1 is read as windows-1252."""
    codecs = word_map("read", "charsets")
    named = (m[1].decode("ascii").lower() for m in DECLARED.finditer(head))
    return next((codecs[name] for name in named if name in codecs), "")


def _western(data: bytes) -> tuple[str, str]:
    """Windows-1252; where most of the characters beyond ASCII are sound UTF-8, only the bytes that are not."""
    text = data.decode("utf-8", errors="surrogateescape")
    n_bad = len(UNDECODED.findall(text))
    if sum(len(run) for run in re.findall(r"[^\x00-\x7f]+", text)) <= 2 * n_bad:
        return data.decode("cp1252", errors="replace"), "cp1252"
    mended = UNDECODED.sub(lambda m: m[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)
    return mended, "utf-8+cp1252"


def lines_ended(text: str) -> str:
    r"""The text with every line end as \n."""
    return BREAK.sub("\n", text)


def mended(text: str) -> str:
    """The text without lone surrogates and NULs, which JSON escapes can hold and no file can: U+FFFD in their place."""
    return BROKEN.sub("\ufffd", text)


def without_mojibake(text: str) -> str:
    """The text with the lines mended that were once decoded wrongly ("donâ€™t"); all others as they are."""
    if not MOJIBAKE.search(text):
        return text
    return "\n".join(ftfy.fix_encoding(normalize("NFC", s)) if MOJIBAKE.search(s) else s for s in text.split("\n"))
