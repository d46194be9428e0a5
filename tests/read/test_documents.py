"""Files of one article: bytes in, an Article or a Problem out."""

from hashlib import sha256

import pytest

from pipeline.read import article_id, read, sources
from pipeline.records import Article, Problem, Source
from pipeline.settings import ReadSettings

SENTENCE = "“Café owners, naïve or not, paid £5,” said Zoë Brandt."


def read_one(name: str, data: bytes, settings: ReadSettings | None = None) -> Article | Problem:
    (found,) = read(Source(path=name, source_path=name), data, settings or ReadSettings())
    return found


def article(name: str, data: bytes) -> Article:
    found = read_one(name, data)
    assert isinstance(found, Article), found
    return found


def problem(name: str, data: bytes, settings: ReadSettings | None = None) -> str:
    found = read_one(name, data, settings)
    assert isinstance(found, Problem), found
    assert found.stage == "read"
    assert found.message
    return found.code


def test_a_file_in_order_is_read_as_it_is() -> None:
    text = "A headline\n\nÖstersund \u00ad and  two blanks.\t\n"
    found = article("a/b.txt", text.encode())
    assert (found.text, found.encoding, found.source_path) == (text, "utf-8", "a/b.txt")
    assert found.article_id == article_id("a/b.txt")


def test_an_id_is_made_from_the_place_alone() -> None:
    assert article_id("news/a.txt") == "a" + sha256(b"news/a.txt").hexdigest()[:16]
    assert article_id("a.txt") != article_id("b.txt")
    assert article("a.txt", b"one").article_id == article("a.txt", b"two").article_id


@pytest.mark.parametrize(
    ("encoded", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_encodings(encoded: str, encoding: str) -> None:
    found = article("a.txt", f"{SENTENCE}\n{SENTENCE}\n".encode(encoded))
    assert (found.text, found.encoding) == (f"{SENTENCE}\n{SENTENCE}\n", encoding)


def test_byte_order_marks_of_big_endian_text() -> None:
    assert article("a.txt", b"\xfe\xff" + SENTENCE.encode("utf-16-be")).text == SENTENCE
    assert article("a.txt", b"\x00\x00\xfe\xff" + SENTENCE.encode("utf-32-be")).text == SENTENCE


def test_one_broken_byte_does_not_spoil_utf8() -> None:
    found = article("a.txt", f"{SENTENCE} {SENTENCE} ".encode() + b"caf\xe9.")
    assert (found.text, found.encoding) == (f"{SENTENCE} {SENTENCE} café.", "utf-8+cp1252")


def test_a_byte_that_windows_1252_lacks_is_replaced() -> None:
    assert article("a.txt", b"fa\x81de caf\xe9").text == "fa\ufffdde café"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029", "\u0085"])
def test_line_ends(end: str) -> None:
    assert article("a.txt", f"One.{end}{end}Two.".encode()).text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("ISO-8859-2", "iso8859_2"), ("Shift_JIS", "cp932")],
)
def test_a_page_is_decoded_as_it_declares(declared: str, codec: str) -> None:
    words = {"cp1252": "café “said”", "cp1251": "сказал он", "iso8859_2": "řekl úředník", "cp932": "首相は述べた"}[
        codec
    ]
    html = f'<html><head><meta charset="{declared}"></head><body><p>{words} in the long hall.</p></body></html>'
    found = article("a.html", html.encode(codec))
    assert (words in found.text, found.encoding) == (True, codec)


def test_a_page_that_declares_what_python_would_run_as_a_codec_is_western() -> None:
    html = b"<meta charset='unicode_escape'><p>caf\xe9 in the hall</p>"
    assert article("a.html", html).encoding == "cp1252"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "empty-text"),
        ("a.txt", b" \n\t\r\n ", "empty-text"),
        ("a.txt", b"\xef\xbb\xbf", "empty-text"),
        ("a.html", b"<html><body><script>var a = 1</script></body></html>", "empty-text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n....", "binary-file"),
        ("a.txt", b"%PDF-1.7 ...", "binary-file"),
        ("a.txt", b"PK\x03\x04....", "binary-file"),
        ("a.html", b"\x1f\x8b\x08....", "binary-file"),
        ("a.txt", b"\x7fELF....", "binary-file"),
        ("a.txt", b"half a text\x00\x00and then not", "binary-file"),
        ("a.docx", b"text", "unknown-format"),
        ("a", b"text", "unknown-format"),
    ],
)
def test_what_cannot_be_read_is_a_problem(name: str, data: bytes, code: str) -> None:
    assert problem(name, data) == code


def test_a_file_above_the_limit_is_a_problem() -> None:
    assert problem("a.txt", b"eleven char", ReadSettings(max_bytes=10)) == "too-large"
    assert article("a.txt", b"eleven char").text == "eleven char"


PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html><html lang="en-GB"><head><title>Ferry sinks at its mooring - Quay News</title>
<meta property="og:site_name" content="Quay News">
<meta property="og:title" content="Ferry sinks at its mooring | Quay News">
<meta property="article:published_time" content="2020-02-03T04:05:06Z">
<meta name="author" content="Ida Brekke"><link rel="canonical" href="https://quay.example/ferry"></head>
<body><nav><a href="/">Home</a> <a href="/sea">Sea</a></nav><article><h1>Ferry sinks at its mooring</h1>
<p>BERGEN, Norway (NTB) – The ferry <i>Solveig</i> sank at its mooring on Sunday, the harbour office said.</p>
<p>“It was an old ship and a cold night,” said the harbour master, Nils Aamodt. Nobody was on board, he added.</p>
<p>The owner said that the wreck would be raised in spring, when the divers can work in the shallow water.</p>
</article><footer>Imprint</footer></body></html>"""


def test_a_page_gives_its_paragraphs_and_what_it_says_of_itself() -> None:
    found = article("a.html", PAGE.encode())
    paragraphs = found.text.split("\n\n")
    assert paragraphs[-2].startswith("“It was an old ship and a cold night,” said")
    assert "Home" not in found.text
    assert "Imprint" not in found.text
    assert found.title == "Ferry sinks at its mooring"
    assert (found.byline, found.outlet, found.language) == ("Ida Brekke", "Quay News", "en")
    assert (found.published, found.url) == ("2020-02-03T04:05:06+00:00", "https://quay.example/ferry")
    assert found.dateline == "BERGEN, Norway (NTB)"


def test_a_sentence_keeps_the_words_of_its_links() -> None:
    stands = "The board met on {} and heard three reports on the state of the quay, which is older than the town."
    link = '<span class="link"><a href="/x">the county will pay for a new quay</a></span>'
    linked = f"Nils Aamodt, who has led the board since 2019, said that “{link} in spring or not at all.”"
    paragraphs = [stands.format("Monday"), linked, stands.format("Tuesday"), stands.format("Friday")]
    page = "<html><body><article>" + "".join(f"<p>{each}</p>" for each in paragraphs) + "</article></body></html>"
    quotation = "“the county will pay for a new quay in spring or not at all.”"
    assert quotation in article("a.html", page.encode()).text


def test_a_page_reads_the_same_after_other_pages() -> None:
    first = article("a.html", PAGE.encode())
    for _ in range(5):
        article("b.html", PAGE.replace("Sunday", "Monday").encode())
    assert article("a.html", PAGE.encode()) == first


def test_a_date_in_the_text_of_a_page_is_not_its_date() -> None:
    html = "<html><body><article><p>The mill burned on 3 May 1911, the guide said to us.</p></article></body></html>"
    assert article("a.html", html.encode()).published == ""


@pytest.mark.parametrize(
    ("head", "when"),
    [
        ("<link rel='canonical' href='https://quay.example/2021/03/04/mill'>", "2021-03-04"),
        ("<link rel='canonical' href='https://quay.example/2021/13/44/mill'>", ""),
        ("<link rel='canonical' href='https://quay.example/mill-of-1911'>", ""),
        ("<meta property='article:published' content='2021-03-05T08:00:00Z'>", "2021-03-05T08:00:00+00:00"),
    ],
)
def test_a_page_may_have_its_date_in_its_address(head: str, when: str) -> None:
    text = "<p>The mill burned on 3 May 1911, the guide said to us.</p>"
    html = f"<html><head>{head}</head><body><article>{text}</article></body></html>"
    assert article("a.html", html.encode()).published == when


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Plain words from a pipe.", "Plain words from a pipe."),
        (b"<!doctype html><html><body><p>Words in a page.</p></body></html>", "Words in a page."),
        (b'{"text": "Words in an object."}', "Words in an object."),
        (b"[Correction] Words in brackets.", "[Correction] Words in brackets."),
    ],
)
def test_standard_input_is_looked_at(data: bytes, text: str) -> None:
    assert article("-", data).text == text


def test_a_file_of_one_article_is_one_source() -> None:
    (source,) = sources("/nowhere/a.txt", "a.txt")
    assert (source.path, source.source_path, source.n_records) == ("/nowhere/a.txt", "a.txt", None)


GERMAN = "Der Bürgermeister sagte am Montag, dass die Brücke bis zum Herbst gesperrt ist und niemand sie betreten darf."
ENGLISH = "The mayor said on Monday that the bridge would stay closed until summer and that nobody might walk on it."


@pytest.mark.parametrize(
    ("page", "language"),
    [
        (GERMAN, "de"),
        (ENGLISH, "en"),
        (f"<html lang=en><body><article><p>{GERMAN}</p></article></body></html>", "de"),
        (f"<html lang=de><body><article><p>{ENGLISH}</p></article></body></html>", "en"),
        ("<html lang=de><body><article><p>Ja, sagte er.</p></article></body></html>", "de"),
        ("Yes, he said.", ""),
    ],
)
def test_a_text_goes_before_what_the_page_declares_of_its_language(page: str, language: str) -> None:
    assert article("a.html" if page.startswith("<") else "a.txt", page.encode()).language == language


def test_lines_that_were_decoded_wrongly_before_are_mended() -> None:
    broken = "“We don’t know,” said José.".encode().decode("cp1252", "replace").replace("\ufffd", "\x9d")
    found = article("a.txt", f"{broken}\n“Curly” stays, and so does naïve.".encode())
    assert found.text == "“We don’t know,” said José.\n“Curly” stays, and so does naïve."
    assert found.encoding == "utf-8+mojibake"
    apart = article("a.txt", "Said FranA\u0303\u0083A\u0302§ois Hollande.\nA\u0303o e\u0301te stays.".encode())
    assert apart.text == "Said François Hollande.\nA\u0303o e\u0301te stays."


LETTER = b"""From: =?utf-8?q?Ida_Br=C3=A9kke?= <ida@quay.example>
Subject: Port reopens
Date: Mon, 01 Mar 2021 08:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain; charset=%s
Content-Transfer-Encoding: quoted-printable

The caf=E9 of the port reopened.
--x
Content-Type: text/html; charset=utf-8

<p>Another form of it.</p>
--x--
"""


@pytest.mark.parametrize("charset", [b"iso-8859-1", b"no-such-charset"])
def test_a_letter_gives_its_plain_text_and_head(charset: bytes) -> None:
    found = article("a.eml", LETTER % charset)
    assert found.text.strip() == "The café of the port reopened."
    assert (found.title, found.byline, found.published) == ("Port reopens", "Ida Brékke", "2021-03-01T08:00:00+01:00")


def test_a_letter_without_text_is_a_problem() -> None:
    assert problem("a.eml", b"Subject: nothing\n\n") == "empty-text"
