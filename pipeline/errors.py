"""The one table of errors, errors.tsv: code, exit status, what happened, what to do next.

Takes a code and the facts of the case; gives an `OnrecordError` that the command prints, or the code and message of a
row in `problems`. Codes are never renamed.
"""

from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from pipeline.text.words import word_list


class Code(NamedTuple):
    """One line of the table."""

    status: int  # exit status where it ends a run; 0: it is a row in `problems` and the run goes on
    sentence: str  # what happened; {named} facts are filled in
    advice: str  # what to do next


CODES = {code: Code(int(status), sentence, advice) for code, status, sentence, advice in word_list("", "errors")}


class OnrecordError(Exception):
    """An error with a code of `CODES`, a sentence for people and an exit status."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.status = CODES[code].status
        self.facts = facts
        super().__init__(message(code, **facts))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep code and facts on the way out of a worker process."""
        return partial(OnrecordError, self.code, **self.facts), ()


def optional(module: str, *, what: str, extra: str) -> Any:
    """A module that only an extra of the install brings. Raises OnrecordError `missing-extra`."""
    try:
        return import_module(module)
    except ImportError as error:
        raise OnrecordError("missing-extra", what=what, package=module.partition(".")[0], extra=extra) from error


def message(code: str, **facts: object) -> str:
    """The sentence and the advice of `code`, filled with the facts."""
    line = CODES[code]
    return f"{line.sentence.format(**facts)}; {line.advice.format(**facts)}"
