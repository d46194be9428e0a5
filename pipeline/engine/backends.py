"""Where the work on the parts runs: in this process, in a pool of processes, or on a Dask cluster.

Takes parts with the number of articles each has pending, and a job; gives nothing but the parts' files, which are the
same whatever the backend.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import CancelledError
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from pipeline.engine.plan import Part
from pipeline.engine.work import Job, Tick, doing, work
from pipeline.errors import OnrecordError, optional

Task = tuple[Part, Job]


def execute(pending: Mapping[Part, int], job: Job, tick: Tick) -> None:
    """Work on all parts where the settings say. Raises OnrecordError `no-worker` or `missing-extra`."""
    run = job.settings.run
    if run.dask:
        dask(pending, job, tick)
    elif run.workers == 0:
        serial(pending, job, tick)
    else:
        processes(pending, job, tick, min(run.workers if run.workers > 0 else os.cpu_count() or 1, len(pending)))


def serial(pending: Mapping[Part, int], job: Job, tick: Tick) -> None:
    """One part after the other in this process: no time limit, and a crash ends the run."""
    for part, n in pending.items():
        work(part, job, n, tick)


def dask(pending: Mapping[Part, int], job: Job, tick: Tick) -> None:
    """The parts on a Dask cluster whose machines share the input and output folders."""
    distributed = optional("distributed", what="--dask", extra="cluster")
    with distributed.Client(job.settings.run.dask) as client:
        counts = {client.submit(work, part, job, n, pure=False): n for part, n in pending.items()}
        for future in distributed.as_completed(counts):
            future.result()
            tick(counts[future])


def processes(pending: Mapping[Part, int], job: Job, tick: Tick, workers: int) -> None:
    """A pool of processes; one that gives no sign of life for too long is ended.

    A part whose worker ends is tried again, one article at a time; the article on which that worker ends too becomes a
    problem, and the part goes on without it.
    """
    from pebble import ProcessPool  # noqa: PLC0415 - takes 50 ms, and an unchanged run needs no pool

    context = get_context("spawn")  # the same on every system; a fork would copy this process's threads
    count = context.Value("q", 0)
    tasks = deque((part, job) for part in pending)
    running: dict[Any, Task] = {}
    with ProcessPool(max_workers=workers, context=context, initializer=_start, initargs=[count]) as pool:
        try:
            while tasks or running:
                while tasks and len(running) < 2 * workers:
                    part, its_job = tasks.popleft()
                    doing(job.out, part).unlink(missing_ok=True)
                    running[pool.schedule(work, args=[part, its_job, pending[part], _add])] = part, its_job
                time.sleep(0.05)
                if told := _told(count):
                    tick(told)
                tasks.extendleft(_ended(running))
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise
    tick(_told(count))


def _told(count: Any) -> int:
    with count.get_lock():
        told, count.value = int(count.value), 0
    return told


def _ended(running: dict[Any, Task]) -> list[Task]:
    """Take what has ended out of `running`; give the tasks that have to be tried again."""
    again = []
    for future, (part, job) in list(running.items()):
        if future.done():
            del running[future]
            error = _error(future, job)
            again += [(part, _narrowed(part, job, error))] if error else []
        elif _silent_for(part, job) > job.settings.run.seconds_per_article:
            future.cancel()  # ends the worker; the next look finds it done
    return again


def _silent_for(part: Part, job: Job) -> float:
    """Seconds since the part's worker said what it is working on; 0 before it has begun."""
    try:
        return time.time() - doing(job.out, part).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _error(future: Any, job: Job) -> OnrecordError | None:
    from pebble import ProcessExpired  # noqa: PLC0415 - as above

    try:
        future.result()
    except CancelledError:
        return OnrecordError("timeout", seconds=job.settings.run.seconds_per_article)
    except ProcessExpired as error:
        return OnrecordError("worker-died", detail=error)
    return None


def _narrowed(part: Part, job: Job, error: OnrecordError) -> Job:
    """The job without the article that ended its worker, or the job that will find that article."""
    path = doing(job.out, part)
    keys = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    if not keys or keys[0] in job.dead:
        raise OnrecordError("no-worker", part=part.name, detail=error.facts)
    dead = {keys[0]: error} if len(keys) == 1 else {}
    return replace(job, careful=True, dead=job.dead | dead)


_count: Any = None


def _start(count: Any) -> None:
    global _count  # noqa: PLW0603 - a worker process learns of the shared counter once
    _count = count


def _add(n: int) -> None:
    with _count.get_lock():
        _count.value += n
