"""Why a quote is taken for one, and its speaker for the speaker: how often each reason is right, by reasons.tsv."""

from pipeline.text.words import word_list

SHARES = {reason: float(share) for reason, share, _ in word_list("quotes", "reasons") if share}
