"""The one table of errors: code, what happened, what to do next, exit status.

Takes a code and the facts of the case; gives an `OnrecordError` that the command prints, or the code and message of a
row in `problems`. Codes are never renamed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Code:
    """One line of the table."""

    sentence: str  # what happened; {named} facts are filled in
    advice: str  # what to do next
    status: int = 0  # exit status where it ends a run; 0: it is a row in `problems` and the run goes on


CODES: dict[str, Code] = {
    # the command line and settings
    "unknown-setting": Code(
        sentence="there is no setting {name!r} in {where}", advice="did you mean {nearest!r}?", status=2
    ),
    "bad-setting": Code(sentence="{where}: {detail}", advice="see `onrecord schema` for each setting's type", status=2),
    "bad-argument": Code(sentence="{detail}", advice="see `onrecord {command} --help`", status=2),
    # input and output
    "no-input": Code(
        sentence="{path} does not exist",
        advice="name a folder of articles: `onrecord run FOLDER`, or put articles into data/raw",
        status=3,
    ),
    "empty-input": Code(
        sentence="no file was found in {path}",
        advice="put .txt, .html, .jsonl or .csv files there, or name another folder",
        status=3,
    ),
    "same-name": Code(
        sentence="two inputs are both called {source_path}", advice="give the folder that holds both", status=3
    ),
    "no-run": Code(
        sentence="{path} holds no run", advice="make one first: `onrecord run INPUT --out {path}`", status=3
    ),
    "no-article": Code(
        sentence="the run has no article {name!r}",
        advice="name an article_id or a part of a source_path; `onrecord inspect OUT` lists them",
        status=3,
    ),
    "output-unusable": Code(
        sentence="cannot write to {path}: {detail}", advice="name another folder with --out", status=3
    ),
    "output-busy": Code(
        sentence="another run is writing to {path}", advice="wait for it, or name another folder with --out", status=3
    ),
    "no-worker": Code(
        sentence="no worker could start on {part}: {detail}",
        advice="run with --workers 0 to see its error",
        status=3,
    ),
    "broken-keys": Code(
        sentence="table {table}: {detail}; no table was replaced",
        advice="this is a fault of onrecord: please report it with run.json",
        status=3,
    ),
    "bad-gold": Code(sentence="{path}: {detail}", advice="see the README's section on evaluation", status=3),
    "missing-extra": Code(
        sentence="{what} needs the package {package}", advice='pip install "onrecord[{extra}]"', status=2
    ),
    # models
    "no-model": Code(
        sentence="the model {name!r} is neither an installed package nor a folder",
        advice="leave --model out for our own, or `python -m spacy download {name}`, or give a folder",
        status=4,
    ),
    "wrong-model": Code(
        sentence="the model {name!r} cannot be used: {detail}",
        advice="leave --model out for our own, or choose an English pipeline with ner that fits spaCy 3.8",
        status=4,
    ),
    # rows in `problems`
    "unreadable-file": Code(sentence="{detail}", advice="check that it is a file that you may read"),
    "unknown-format": Code(
        sentence="files ending in {suffix!r} are not read", advice="convert it to .txt, .html, .jsonl or .csv"
    ),
    "binary-file": Code(sentence="the file is {what}, not text", advice="convert it to .txt, .html, .jsonl or .csv"),
    "too-large": Code(sentence="{n:,} bytes are more than the {limit:,} allowed", advice="raise read.max_bytes"),
    "empty-text": Code(sentence="no text was found", advice="open the file and look whether it holds an article"),
    "bad-record": Code(sentence="record {number}: {detail}", advice="mend this record; the others were read"),
    "no-text-column": Code(
        sentence="no text column among {columns}", advice="name it: --config with [read] text_column = ..."
    ),
    "bad-correction": Code(
        sentence="line {number}: {detail}", advice="mend or delete this line; the others were followed"
    ),
    "other-language": Code(
        sentence="the text is in {language!r}, and only English is read for names and quotes",
        advice="its text and metadata are in the articles table",
    ),
    "timeout": Code(
        sentence="not done after {seconds} s", advice="raise run.seconds_per_article, or shorten the article"
    ),
    "worker-died": Code(sentence="the worker process ended ({detail})", advice="run it alone with --workers 0"),
    "internal-error": Code(sentence="{detail}", advice="please report it with the article"),
}


class OnrecordError(Exception):
    """An error with a code of `CODES`, a sentence for people and an exit status."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.status = CODES[code].status
        self.facts = facts
        super().__init__(message(code, **facts))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep code and facts on the way out of a worker process."""
        return _again, (self.code, self.facts)


def _again(code: str, facts: dict[str, object]) -> OnrecordError:
    return OnrecordError(code, **facts)


def message(code: str, **facts: object) -> str:
    """The sentence and the advice of `code`, filled with the facts."""
    line = CODES[code]
    return f"{line.sentence.format(**facts)}; {line.advice.format(**facts)}"
