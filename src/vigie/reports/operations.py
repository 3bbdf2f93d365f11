"""Techniques of DISARM for the information operations of an archive, from measured facts only; no account and no post is named.

References:
    - https://github.com/DISARMFoundation/DISARMframeworks
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue


def disarm(catalogue: Catalogue) -> tuple[str, ...]:
    """Ids of techniques that groups in concert and waves of rumours show; () where no posts were read.

    Args:
        catalogue: an open one.
    """
    if not catalogue.has_posts:
        return ()
    from vigie.archive.post_techniques import techniques_of_claims
    from vigie.archive.rumour_facts import declared_groups
    from vigie.social.disarm import of_groups

    kinds = [(str(row["group"]), str(row["kind"]), 0, ()) for row in catalogue.rows('select distinct "group", kind from coincidences order by 1, 2')]
    claims = [str(row["claim"]) for row in catalogue.rows("select distinct claim from rumour_wave_claims order by 1")]
    found = [one.id for one in of_groups(kinds)]
    if claims:
        found += [one.id for one in techniques_of_claims(catalogue, claims, declared_groups(catalogue))]
    return tuple(sorted(set(found)))
