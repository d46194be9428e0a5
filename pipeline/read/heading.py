"""What the first lines of an article show: headline, byline, dateline, date, news agency.

Takes a text as read; gives the fields of an `Article` that its first lines fill. The lines stay in the text; a field is
filled only where a line has its shape, and empty otherwise.
"""

import re

from pipeline.read.dates import MONTHS, prose_date
from pipeline.text.words import word_list, word_map

N_LINES = 8  # lines in which a heading is looked for
DASH = re.compile(r"\s?(?:--|[–—―])\s?|\s-\s|(?<=\))-\s?")
AGENCY = re.compile(r"\s?\(([A-Z][\w .&/’'-]{1,40})\)$")
REGION = re.compile(r"[A-Z][\w.’'-]*(?: (?:and|of|the|[A-Z][\w.’'-]*)){0,4}")
MONTH = "|".join(MONTHS).title()
DAY = re.compile(rf"(?:\d{{1,2}} )?(?:{MONTH})[a-z]{{0,6}}\.?(?: \d{{1,2}})?(?:,? \d{{4}})?|\d{{4}}")
BY = re.compile(r"(?:(?:written|words|story|report|reported) )?by:?\s+(?=\S)", re.IGNORECASE)
PIPED = re.compile(r"([^|]{3,60}) \| ([^|]{2,40})")
SMALL = frozenset(re.findall(r"\w+", "and of the for in at with de da di del der den van von bin bint ibn al el la le"))
DATE_WORDS = re.compile(
    r"published|posted|updated|last|modified|date|on|at|a\.?m\.?|p\.?m\.?|noon|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)"
    r"(?:day)?|news|\d{1,2}:\d\d(?::\d\d)?(?:am|pm)?|[+-]?\d{1,4}",
    re.IGNORECASE,
)
OPENERS = frozenset(
    re.findall(r"\w+", "a an the it he she they we i you there this that these those in on at when if but and as")
)
SPEECH_MARKS = re.compile(r"[“\"„«»]")


def heading(text: str) -> dict[str, str]:
    """Title, byline, dateline and date of a plain text, each empty where no line shows it."""
    lines = _first_lines(text)
    dates = (date_line(line) or prose_date(dateline(line))[0] for line in lines)
    found = {"byline": map(byline, lines), "dateline": map(dateline, lines), "published": dates}
    return {"title": title(text)} | {field: next(filter(None, values), "") for field, values in found.items()}


def agency(text: str, byline: str) -> str:
    """The news agency that a first line or the author line names: "TAIPEI (AP) --", "(Reuters) -", "JANE DOE | AFP"."""
    known = word_map("read", "agencies")
    told = ", ".join([byline, *(_split_at_dash(line)[0] for line in _first_lines(text))]).casefold()
    names = (name.strip().removeprefix("the ") for name in re.split(r"[,;|/()]| and | of | for ", told))
    return next((known[name] for name in names if name in known), "")


def _first_lines(text: str) -> list[str]:
    return [line.strip() for line in text[:20_000].split("\n") if line.strip()][:N_LINES]


def dateline(line: str) -> str:
    """The dateline that a paragraph begins with: "TAIPEI, Taiwan (AP)", "FLINT, Mich., Oct. 4 (UPI)", "BRUSSELS"."""
    head, rest = _split_at_dash(line.strip())
    if len(rest.split()) < 4 or not head[:1].isupper():
        return ""
    agency = AGENCY.search(head)
    place, *regions = (part.strip() for part in (head[: agency.start()] if agency else head).split(","))
    if not _is_place(place, capitals=not agency):
        return ""
    return head if all(REGION.fullmatch(part) or DAY.fullmatch(part) for part in regions if part) else ""


def _split_at_dash(line: str) -> tuple[str, str]:
    dash = DASH.search(line[:100])
    return (line[: dash.start()].strip(), line[dash.end() :]) if dash else ("", "")


def _is_place(words: str, *, capitals: bool) -> bool:
    """A place of one to four words, without digits: in capitals, or with an agency behind it, beginning with one."""
    letters = words.replace(" ", "").replace(".", "").replace("-", "").replace("'", "").replace("’", "")
    kickers = {row[0] for row in word_list("read", "kickers")}
    if len(words.split()) > 4 or len(letters) < 3 or not letters.isalpha() or words.casefold() in kickers:
        return False
    return words.isupper() or (not capitals and all(word[:1].isupper() or word in SMALL for word in words.split()))


def byline(line: str) -> str:
    """The names in an author line: "By Jane Doe", "By JANE DOE and JOHN ROE", "JANE DOE | Reuters"."""
    line = " ".join(line.split())
    if (by := BY.match(line)) and len(line) <= 150:
        return line[by.end() :] if _are_names(line[by.end() :]) else ""
    piped = PIPED.fullmatch(line)
    return line if piped and piped[1].isupper() and len(piped[1].split()) > 1 and _are_names(piped[1]) else ""


def _are_names(words: str) -> bool:
    """Capitalised words and the small words between them, no digits, no end of a sentence."""
    each = words.replace(",", " ").replace("&", " ").replace("|", " ").split()
    ends = words.endswith((".", "?", "!", ":", ";")) and not words.endswith((" Jr.", " Sr."))
    return bool(each) and len(each) <= 16 and not ends and all(w[0].isupper() or w in SMALL for w in each)


def date_line(line: str) -> str:
    """The date of a line that holds a date and nothing else but a time, a label or an outlet in capitals."""
    if len(line) > 80:
        return ""
    when, rest = prose_date(" ".join(line.split()))
    words = [word.strip(".,:;()|/-–—") for word in rest.split()]
    return when if all(not w or DATE_WORDS.fullmatch(w) or (w.isupper() and w.isalpha()) for w in words) else ""


def title(text: str) -> str:
    """The headline: a first paragraph of one or two short lines that is no sentence of the report."""
    block = text[:2_000].lstrip().split("\n\n")[0].split("\n")
    lines = [" ".join(line.split()) for line in (block if len(block) <= 2 else block[:1])]
    if len(block) == 2 and not lines[0].endswith(";"):  # a headline and its second deck; else headline and report
        lines = lines[:1]
    line = " ".join(lines)
    follows = text.strip()[len(lines[0]) :].strip()
    if not follows or not line or len(line) > 200 or len(line.split()) > 30:
        return ""
    return "" if dateline(line) or byline(line) or date_line(line) or _is_sentence(line) else line


def _is_sentence(line: str) -> bool:
    """Whether a line reads like the report itself: it speaks, or is closed by a full stop and opens like prose.

    Of 25 real articles all have a headline, and this finds each of them: archives close headlines with a full stop.
    """
    if SPEECH_MARKS.match(line) or not line.endswith("."):
        return bool(SPEECH_MARKS.match(line) and re.search(r"[,.!?][”\"»] ", line))
    words = line.split()
    headline_case = sum(word[0].isupper() for word in words) > 0.6 * len(words)
    return len(words) > 20 or (words[0].lower() in OPENERS and not headline_case and ":" not in line)
