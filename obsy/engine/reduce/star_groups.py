"""Which stars are fitted together: those that lie near one another, and no more of them than is quickly done."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage

MOST = 8
"""Stars of a group: a fit takes the third power of them."""
Floats = NDArray[np.float64]


def star_groups(x: Floats, y: Floats, within: float, most: int = MOST) -> list[NDArray[np.int64]]:
    """Return groups of stars, each by their numbers; every star is in one.

    Stars that chains of steps no longer than `within` join are a group. Of one with more than `most` the longest step
    is cut, until none has more: what is nearest stays together.
    """
    count = len(x)
    if count < 2:  # noqa: PLR2004 (two are joined)
        return [np.arange(count)] if count else []
    joins = linkage(np.column_stack([x, y]), "single")
    groups, left = [], [2 * count - 2]
    sizes = np.concatenate([np.ones(count), joins[:, 3]])
    while left:
        node = left.pop()
        if node < count or (joins[node - count, 2] <= within and sizes[node] <= most):
            groups.append(_members(node, joins, count))
        else:
            left += [int(joins[node - count, 0]), int(joins[node - count, 1])]
    return groups


def _members(node: int, joins: Floats, count: int) -> NDArray[np.int64]:
    left, members = [node], []
    while left:
        each = left.pop()
        if each < count:
            members.append(each)
        else:
            left += [int(joins[each - count, 0]), int(joins[each - count, 1])]
    return np.array(sorted(members))
