"""前置 of a version that was published: it never changes, so it is read once for each process."""

from functools import lru_cache

from .models import BundleEdge

Needs = dict[int, tuple[int, ...]]
"""Branch of the bundle → those whose results it waits for."""


@lru_cache(maxsize=256)
def needs_of(version: int) -> Needs:
    """Which branches wait for which. A prerequisite that only counts where it applies needs no mark: what does not apply
    is not needed, and holds nobody up."""
    found: dict[int, list[int]] = {}
    edges = BundleEdge.objects.filter(version=version, kind=BundleEdge.Kind.PREREQUISITE).order_by("id")
    for branch, needs in edges.values_list("branch", "needs"):
        found.setdefault(branch, []).append(needs)
    return {branch: tuple(needs) for branch, needs in found.items()}
