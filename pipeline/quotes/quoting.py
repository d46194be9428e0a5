"""The stage `quotes`: one article's quotations and reported statements, each with its speaker.

Takes the parsed Doc, the cleaned text, the article's mentions and the settings; gives a `Quoted`.
"""

from bisect import bisect_right
from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.quotes.attributions import Attribution, attributions
from pipeline.quotes.meant import FIRST_PERSON, Scene, roles_of
from pipeline.quotes.reasons import SHARES
from pipeline.quotes.speakers import Speaker, speakers
from pipeline.records import Cleaned, Named, Quote, Quoted, QuoteKind, Span
from pipeline.settings import QuotesSettings
from pipeline.text.marks import Marked, holding, marked
from pipeline.text.words import WORD, n_words, paragraphs

JOINT = " … "  # between the parts of an interrupted quotation
NEAR = 30  # quotes before: of these one may hold another


def quotes(doc: Doc, cleaned: Cleaned, named: Named, settings: QuotesSettings) -> Quoted:
    """All that one article says that somebody said; `doc` has the offsets of `cleaned.text`."""
    text = cleaned.text
    marks = marked(text) if settings.single_marks else marked(text, single=False)  # as others ask: found once
    mentions = sorted(named.mentions, key=lambda m: (m.start, m.end))
    scene = Scene(doc, text, mentions, marks, roles_of(named.entities, mentions), named.home)
    lines = [start for start, _ in paragraphs(text)]
    found = attributions(doc, text, marks)
    who = speakers(found, scene)
    several: list[Quote] = []
    for one in found:
        several.append(_quote(one, who[one.source] if one.source else None, scene, lines, several))
    return Quoted(article_id=cleaned.article_id, source_path=cleaned.source_path, quotes=tuple(several))


def _quote(
    found: Attribution, who: Speaker | None, scene: Scene, lines: Sequence[int], before: Sequence[Quote]
) -> Quote:
    """The quote; words given in full are said, whatever the verb: "It rained," she recalled."""
    text = scene.text
    kind = _kind(text, found.content, scene.marks)
    said = JOINT.join(text[start:end] for start, end in found.content)
    who = _myself(who, scene, before) or who
    return Quote(
        number=len(before) + 1,
        kind=kind,
        act="speech" if kind == "direct" and found.act == "thought" else found.act,
        text=said,
        spans=tuple(found.content),
        cue=text[slice(*found.cue)] if found.cue else "",
        cue_start=found.cue[0] if found.cue else None,
        cue_end=found.cue[1] if found.cue else None,
        speaker_text=text[slice(*who.span)] if who else "",
        speaker_start=who.span[0] if who else None,
        speaker_end=who.span[1] if who else None,
        speaker_key=who.key if who else "",
        speaker_kind=who.kind if who else "unknown",
        speaker_role=who.role if who else "",
        n_words=n_words(said),
        paragraph=bisect_right(lines, found.content[0][0]),
        confidence=round(found.confidence * (SHARES[who.reason or who.kind] if who else 1), 2),
        reason="; ".join(filter(None, (found.reason, who and who.reason))),
    )


def _myself(who: Speaker | None, scene: Scene, before: Sequence[Quote]) -> Speaker | None:
    """The speaker of the quote in which "I" or "we" stands as a source: “I know that he lies,” Lee said."""
    if who is None or scene.text[slice(*who.span)].lower() not in FIRST_PERSON:
        return None
    around = (q for q in reversed(before[-NEAR:]) if q.speaker_key and any(a <= who.span[0] < b for a, b in q.spans))
    return next((Speaker(who.span, q.speaker_key, q.speaker_kind, reason="pronoun") for q in around), None)


def _kind(text: str, content: Sequence[Span], marks: Sequence[Marked]) -> QuoteKind:
    """Direct where all words stand in quotation marks, mixed where some do."""
    words = [m.start() for start, end in content for m in WORD.finditer(text, start, end)]
    inside = [at for at in words if holding(marks, at)]
    return "indirect" if not inside else "direct" if len(inside) == len(words) else "mixed"
