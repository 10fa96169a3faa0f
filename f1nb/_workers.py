"""One function applied to many jobs by several processes, any of which may die."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from f1nb.errors import F1nbError, NotFoundError

Job = TypeVar("Job")
Answer = TypeVar("Answer")

_SPAWN = multiprocessing.get_context("spawn")  # no forks: polars has threads, and what a fork inherits of them can hang
_LEAVE_S = 5.0  # time to take back what is half written


class WorkerDiedError(F1nbError):
    """The process that had the job was killed, and so was the one that tried it again."""


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection

    @classmethod
    def of(cls, work: Callable[[Any], Any]) -> _Worker:
        pipe, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(work, theirs), name="f1nb worker")
        with _deaf():
            process.start()
        theirs.close()  # the other end is the process's alone, so that reading ends when the process does
        return cls(process, pipe)

    def wait(self) -> None:
        self.pipe.close()
        self.process.join(_LEAVE_S)
        self.process.kill()
        self.process.join()


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes that are started meanwhile never hear Ctrl-C: it reaches all of a terminal, and the first one decides."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    resource_tracker.ensure_running()  # or the first process would start it, and that ends the deafness
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    """Answer jobs until the other end is closed, also by the death of the process that has it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends a job as Ctrl-C would
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            pipe.send(work(pipe.recv()))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is on its way


def in_processes(
    work: Callable[[Job], Answer], jobs: Sequence[Job], count: int
) -> Generator[tuple[Job, Answer | WorkerDiedError]]:
    """Yield each job with its answer, as they are done by processes of this machine.

    Each process has a pipe of its own instead of a pool, of `concurrent.futures` or of loky: when a process of theirs is
    killed, all jobs under way are given up, and nobody knows whose process it was. Here it costs one job, which is tried once
    more.

    Parameters
    ----------
    work
        Function of a module; it raises nothing.
    jobs
        What to apply it to.
    count
        How many processes.
    """
    waiting = deque((job, False) for job in jobs)
    crew: set[_Worker] = set()
    busy: dict[Any, tuple[_Worker, Job, bool]] = {}

    def begin(worker: _Worker) -> None:
        crew.add(worker)
        job, is_second = waiting.popleft()
        busy[worker.pipe] = worker, job, is_second
        with suppress(OSError):  # it died while it had nothing to do: found out where its answer is read
            worker.pipe.send(job)

    try:
        for _ in range(min(count, len(jobs))):
            begin(_Worker.of(work))
        while busy:
            for pipe in wait(list(busy)):
                worker, job, is_second = busy.pop(pipe)
                try:
                    answer = worker.pipe.recv()
                except (EOFError, OSError):
                    worker.wait()
                    if not is_second:
                        waiting.append((job, True))
                    if waiting:
                        begin(_Worker.of(work))
                    if is_second:
                        yield job, WorkerDiedError(_obituary(worker.process.exitcode))
                else:
                    if waiting:
                        begin(worker)
                    yield job, answer
    finally:
        for worker, _, _ in busy.values():
            worker.process.terminate()
        for worker in crew:
            worker.wait()


def _obituary(exit_code: int | None) -> str:
    if exit_code and exit_code < 0:
        how = f"was killed by {signal.Signals(-exit_code).name}"
        remedy = "it may need more memory than there is: try again with fewer workers"
    else:
        how = f"ended with exit code {exit_code}"
        remedy = 'in a script, call it below if __name__ == "__main__":, else see what the process wrote'
    return f"the process that loaded it {how}, twice; {remedy}"


def on_dask(
    work: Callable[[Job], Answer], jobs: Sequence[Job], scheduler: str
) -> Generator[tuple[Job, Answer | WorkerDiedError]]:
    """Yield each job with its answer, as they are done by a Dask cluster; it gives the jobs of a lost worker to another one.

    Parameters
    ----------
    work
        Function of a module that the workers have.
    jobs
        What to apply it to.
    scheduler
        Address, e.g. ``tcp://10.0.0.5:8786``.

    Raises
    ------
    NotFoundError
        When there is no scheduler, or distributed is not installed.
    """
    try:
        from distributed import Client, KilledWorker, as_completed
    except ImportError:
        raise NotFoundError("a Dask cluster needs one more package: pip install 'f1nb[dask]'") from None
    try:
        client = Client(scheduler, timeout="3s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise NotFoundError(f"there is no Dask scheduler at {scheduler} ({error}); start one: dask scheduler") from error
    with client:
        futures = {client.submit(work, job, pure=False): job for job in jobs}
        try:
            for future in as_completed(futures, loop=client.loop):
                try:
                    yield futures[future], future.result()
                except KilledWorker as error:
                    yield futures[future], WorkerDiedError(str(error))
                except Exception as error:  # the work itself raises nothing
                    raise F1nbError(f"the workers at {scheduler} cannot do it ({error}); they need the f1nb of here") from error
        finally:
            client.cancel(list(futures))
