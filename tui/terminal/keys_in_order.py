"""Keys that arrive together do what they would have done one by one.

Textual hands each key to the widget in focus as soon as it arrives, while the key before may
still be on its way up to the binding that would have moved the focus.  Typed fast, pasted, or
held up by a slow link, `/carrier` then loses its first letters to the list, where `a` archives.
So a key waits until the one before has been handled by everything that could handle it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual import events
    from textual.app import App
    from textual.message_pump import MessagePump

#: Seconds after which a key that is still being handled no longer holds up the next one.
PATIENCE = 1.0


class KeysInOrder:
    """Passes keys on one at a time.

    Args:
        app: The app whose keys they are.
        forward: What the app does with a key: hands it to the widget in focus.
        settled: Returns when what a key began and the next one depends on has happened.
        caught_up: Called when no key waits any more.
        done: Called when the last one has done its work, too.
    """

    def __init__(
        self,
        app: App[Any],
        forward: Callable[[events.Key], Awaitable[None]],
        settled: Callable[[], Awaitable[None]],
        caught_up: Callable[[], None] = lambda: None,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        self._forward = forward
        self._settled = settled
        self._caught_up = caught_up
        self._done = done
        self._waiting: deque[events.Key] = deque()
        self._busy: asyncio.Task[None] | None = None
        self.obeyed = 0
        """How many keys have done their work."""
        self.is_obeying = False
        """Whether a key is doing its work."""
        self._passed = 0
        self._first = True  # nothing may be there yet for the first key to act on

    @property
    def waiting(self) -> bool:
        """Whether keys wait for the one before them."""
        return bool(self._waiting)

    async def put(self, key: events.Key) -> None:
        """Pass a key on, now or after those that came before it."""
        if self._busy is not None:
            self._waiting.append(key)
        elif self._first:
            self._first = False
            self._waiting.append(key)
            self._busy = asyncio.create_task(self._then_next(self._app))
        else:
            await self._pass_on(key)

    async def _pass_on(self, key: events.Key) -> None:
        target = self._target
        self.is_obeying = True
        await self._forward(key)
        self._passed += 1
        self._busy = asyncio.create_task(self._then_next(target))

    @property
    def _target(self) -> MessagePump:
        """Where the next key would go."""
        return self._app.focused or self._app.screen

    async def _then_next(self, target: MessagePump) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await handled(target)
                await handled(target)  # what it had the widget say, too
                await self._settled()
                while self._app.is_running and (now := self._target) is not target:
                    target = now  # where the answer of a dialog that has closed goes up
                    await handled(target)
                    await self._settled()
        except TimeoutError:
            pass
        self._busy = None
        self.is_obeying = False
        self.obeyed = self._passed
        if self._waiting and self._app.is_running:
            key = self._waiting.popleft()
            if not self._waiting:
                self._caught_up()
            await self._pass_on(key)
        else:
            self._done()


async def handled(target: MessagePump) -> None:
    """Return when a key given to `target` has gone all its way up.

    A message bubbles from queue to queue; a callback that follows it through the same queues
    arrives after it.
    """
    node: MessagePump | None = target
    while node is not None:
        done = asyncio.Event()
        if node.call_later(done.set):
            await done.wait()
        node = node._parent
