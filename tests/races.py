"""Real threads at one gate: what two clerks, two workers or twenty clicks do at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection

PATIENCE = 180  # seconds: two cores may be busy; what waits longer waits for good


def at_once(number: int, act: Callable[[int], object]) -> list:
    """Calls act(0..number-1) in as many threads, all at once; gives back what each returned or raised."""
    gate, results = threading.Barrier(number), [None] * number

    def run(which: int) -> None:
        gate.wait()
        try:
            results[which] = act(which)
        except Exception as error:
            results[which] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[which], daemon=True) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert not any(thread.is_alive() for thread in threads), f"still waiting after {PATIENCE} s"
    return results
