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
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any

from pipeline.engine.plan import Part
from pipeline.engine.wanted import Failure
from pipeline.engine.work import Job, Tick, doing, work
from pipeline.errors import OnrecordError


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
    try:
        from distributed import Client, as_completed  # noqa: PLC0415 - only with the `cluster` extra
    except ImportError as error:
        raise OnrecordError("missing-extra", what="--dask", package="distributed", extra="cluster") from error
    with Client(job.settings.run.dask) as client:  # type: ignore[no-untyped-call]
        counts = {client.submit(work, part, job, n, pure=False): n for part, n in pending.items()}
        for future in as_completed(counts):  # type: ignore[no-untyped-call]
            future.result()
            tick(counts[future])


@dataclass(frozen=True, kw_only=True)
class _Task:
    part: Part
    job: Job
    pending: int


def processes(pending: Mapping[Part, int], job: Job, tick: Tick, workers: int) -> None:
    """A pool of processes; one that gives no sign of life for too long is ended.

    A part whose worker ends is tried again, one article at a time; the article on which that worker ends too becomes a
    problem, and the part goes on without it.
    """
    from pebble import ProcessPool  # noqa: PLC0415 - takes 50 ms, and an unchanged run needs no pool

    context = get_context("spawn")  # the same on every system; a fork would copy this process's threads
    count = context.Value("q", 0)
    tasks = deque(_Task(part=part, job=job, pending=n) for part, n in pending.items())
    running: dict[Any, _Task] = {}
    with ProcessPool(max_workers=workers, context=context, initializer=_start, initargs=[count]) as pool:
        try:
            while tasks or running:
                while tasks and len(running) < 2 * workers:
                    running |= _scheduled(pool, tasks.popleft())
                time.sleep(0.05)
                if told := _told(count):
                    tick(told)
                tasks.extendleft(_ended(running))
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise
    tick(_told(count))


def _scheduled(pool: Any, task: _Task) -> dict[Any, _Task]:
    doing(task.job.out, task.part).unlink(missing_ok=True)
    return {pool.schedule(work, args=[task.part, task.job, task.pending, _add]): task}


def _told(count: Any) -> int:
    with count.get_lock():
        told, count.value = int(count.value), 0
    return told


def _ended(running: dict[Any, _Task]) -> list[_Task]:
    """Take what has ended out of `running`; give the tasks that have to be tried again."""
    again = []
    for future, task in list(running.items()):
        if future.done():
            del running[future]
            failure = _failure(future, task)
            again += [_narrowed(task, failure)] if failure else []
        elif _silent_for(task) > task.job.settings.run.seconds_per_article:
            future.cancel()  # ends the worker; the next look finds it done
    return again


def _silent_for(task: _Task) -> float:
    """Seconds since the part's worker said what it is working on; 0 before it has begun."""
    try:
        return time.time() - doing(task.job.out, task.part).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _failure(future: Any, task: _Task) -> Failure | None:
    from pebble import ProcessExpired  # noqa: PLC0415 - as above

    try:
        future.result()
    except CancelledError:
        return Failure(code="timeout", facts={"seconds": task.job.settings.run.seconds_per_article})
    except ProcessExpired as error:
        return Failure(code="worker-died", facts={"detail": error})
    return None


def _narrowed(task: _Task, failure: Failure) -> _Task:
    """The task without the article that ended its worker, or the task that will find that article."""
    path = doing(task.job.out, task.part)
    keys = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    if not keys or keys[0] in task.job.dead:
        raise OnrecordError("no-worker", part=task.part.name, detail=failure.facts)
    dead = {keys[0]: failure} if len(keys) == 1 else {}
    return replace(task, job=replace(task.job, careful=True, dead=task.job.dead | dead))


_count: Any = None


def _start(count: Any) -> None:
    global _count  # noqa: PLW0603 - a worker process learns of the shared counter once
    _count = count


def _add(n: int) -> None:
    with _count.get_lock():
        _count.value += n
