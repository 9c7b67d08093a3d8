"""Work done ahead: the next parts of an answer are made while the last one is written.

Comes in: a function and what to call it with. Go out: its results, in order. At most a few are
made ahead, so that memory does not grow with the answer.
"""

from __future__ import annotations

from collections import deque
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

AT_ONCE, AHEAD = 2, 4
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def ahead(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
    """Give the result of each item; where there are several, two threads work on the next."""
    rest = iter(items)
    first = list(islice(rest, 2))
    if len(first) < AT_ONCE:
        yield from map(work, first)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(AT_ONCE) as threads:
        waiting: deque[Future[_Result]] = deque()
        for item in chain(first, rest):
            waiting.append(threads.submit(work, item))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
