"""Which lines of an article are boilerplate, and the spans that go with them.

Takes a text; gives spans with a reason id. A line is judged by itself, except the last lines of a text and the links
below a heading such as "Most read". No line is taken that a later pass over the cleaned text would judge otherwise.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache

from pipeline.records import Span
from pipeline.text.words import paragraphs, word_list

REASONS: dict[str, str] = {
    "advertisement": "a mark of an advertisement, or a note on sponsors and commissions",
    "comment-form": "the form for comments, or an invitation to comment",
    "cookie": "a note on cookies, consent or the browser",
    "copyright": "a copyright notice or a row of legal links",
    "credit": "who contributed or where it first stood, contact lines and bare links",
    "login": "log in, subscribe or donate to read on",
    "media": "what a video, a gallery or a menu leaves behind",
    "newsletter": "an invitation to a newsletter, an app or alerts",
    "photo-credit": "the credit of a photo, or a caption that ends with one",
    "poll": "a poll among readers",
    "see-also": "a pointer to another article, or a list of them",
    "share": "buttons and calls to share or follow",
    "tags": "the topics that an article is filed under",
}
LONGEST = 500  # characters: the longest notices are under 450, and a longer line is a paragraph of the article
N_LINKS = 12  # the most links that go with the heading above them
MARK = re.compile(r"[“”„«»‹›\"]|(?:^|[\s(])[‘']")
WORD = re.compile(r"[^\W\d_]+")
EDGES = " \t\u00a0\u200b•·*>»[]|"


def removals(text: str, keep: Collection[str] = ()) -> list[tuple[Span, str]]:
    """The spans to take out, in order, not overlapping, each with its reason."""
    lines = paragraphs(text)
    reasons = _reasons(
        [" ".join(text[start : min(end, start + 2 * LONGEST)].strip(EDGES).split()) for start, end in lines]
    )
    return list(_spans(text, lines, ["" if reason in keep else reason for reason in reasons]))


def _reasons(lines: list[str]) -> list[str]:
    """For each line why it is boilerplate, or an empty text."""
    reasons = [_fitting("line", line) or _guess("start", line) for line in lines]
    _mark_links(lines, reasons)
    for at in range(len(lines) - 1, -1, -1):  # upwards, as long as one boilerplate line follows another
        reasons[at] = reasons[at] or _guess("tail", lines[at]) or _guess("list", lines[at])
        if not reasons[at]:
            break
    return reasons


def _mark_links(lines: list[str], reasons: list[str]) -> None:
    """A heading that opens a list of links goes with the links below it."""
    heading = n_left = 0
    for at, line in enumerate(lines):
        opens = bool(_guess("list", line))
        if n_left and not reasons[at] and (opens or _is_link(line)):
            reasons[at] = reasons[heading] = "see-also"
            n_left -= 1
        elif not reasons[at]:
            n_left = 0
        if opens:
            heading, n_left = at, N_LINKS


def _is_link(line: str) -> bool:
    """A headline: short, and not closed like a sentence."""
    return 0 < len(line.split()) <= 20 and not line.endswith(tuple('.!,;:”"’»')) and not _is_quotation(line)


def _guess(where: str, line: str) -> str:
    """The reason of a pattern that is no exact template; a line that quotes somebody is never taken by one."""
    reason = _fitting(where, line)
    return "" if reason and _is_quotation(line) else reason


def _is_quotation(line: str) -> bool:
    """Whether a line holds a quotation mark and a verb of saying or thinking."""
    return bool(MARK.search(line)) and any(word.lower() in _cues() for word in WORD.findall(line))


def _fitting(where: str, line: str) -> str:
    """The reason of the first pattern of this kind that fits the line."""
    if not line or len(line) > LONGEST:
        return ""
    pattern, reasons = _patterns(where)
    match = pattern.match(line) if where == "start" else pattern.fullmatch(line)
    return reasons[match.lastgroup] if match and match.lastgroup else ""


@cache
def _patterns(where: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """All patterns of a kind as one, and the reason behind each group of it: one search a line, not a hundred."""
    rows = [(f"row{i}", reason, pattern) for i, (reason, kind, pattern) in enumerate(_rows()) if kind == where]
    joined = "|".join(f"(?P<{group}>{pattern})" for group, _, pattern in rows)
    return re.compile(joined, re.IGNORECASE), {group: reason for group, reason, _ in rows}


@cache
def _cues() -> frozenset[str]:
    return frozenset(row[0] for row in word_list("text", "cues"))


def _rows() -> tuple[tuple[str, ...], ...]:
    return word_list("clean", "boilerplate")


def _spans(text: str, lines: list[Span], reasons: list[str]) -> Iterator[tuple[Span, str]]:
    """The lines with a reason, each with the line breaks on one side: of a run of them, the wider gap stays."""
    n = len(lines)
    ends = [0, *(end for _, end in lines)]  # ends[at] is where the line before stops
    starts = [*(start for start, _ in lines), len(text)]
    at = 0
    while at < n:
        last = at
        while last < n and reasons[last]:
            last += 1
        if last > at:
            before, behind = text.count("\n", ends[at], starts[at]), text.count("\n", ends[last], starts[last])
            backwards = last == n or (at > 0 and behind > before)
            for line in range(at, last):
                span = (ends[line], ends[line + 1]) if backwards else (starts[line], starts[line + 1])
                yield span, reasons[line]
        at = last + 1
