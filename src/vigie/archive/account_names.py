"""Under which name an account is shown, and lines without the ids and names of their posts.

References:
    - docs/posts.md
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

NO_NAME: Final = "[…]"
"""What stands in place of the id of a post, which would lead to its account."""


@dataclass(frozen=True, slots=True)
class Names:
    """Under which name an account is shown.

    Attributes:
        key: of the pseudonyms.
        identified: whether accounts are shown as they are: "platform:id".
    """

    key: bytes
    identified: bool = False

    def account(self, platform: str, account_id: str) -> str:
        """Of an account by its two parts."""
        from vigie.social.pseudonyms import pseudonym

        return f"{platform}:{account_id}" if self.identified else pseudonym(self.key, platform, account_id)

    def of(self, account: str) -> str:
        """Of an account written "platform:id"."""
        platform, _, account_id = account.partition(":")
        return self.account(platform, account_id)


def shown(row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A row with the account's name in front, its id left out."""
    platform = str(row["platform"])
    return {"account": names.account(platform, str(row["account_id"])), **{name: value for name, value in row.items() if name not in ("account_id", "rows")}}


def hidden(line: str, known: Sequence[Mapping[str, Any]], names: Names) -> str:
    """A line without the ids and names of its post.

    Args:
        line: as it stands.
        known: rows with `platform`, `account_id`, `account_name`, `ref_account_id`, `ref_account_name`, `post_id`, `ref_post_id`, `mentions` (a list or null).
        names: under which accounts are shown.
    """
    from vigie.social.pseudonyms import without_handles

    platform = next((str(one["platform"]) for one in known if one["platform"]), "")
    author = next((names.account(platform, str(one["account_id"])) for one in known if one["account_id"]), NO_NAME)
    in_place: dict[str, str] = {}
    for one in known:
        other = names.account(platform, str(one["ref_account_id"])) if one["ref_account_id"] else NO_NAME
        said = [(one["account_id"], author), (one["account_name"], author), (one["ref_account_id"], other), *((one[name], NO_NAME) for name in ("ref_account_name", "post_id", "ref_post_id"))]
        for value, name in (*said, *((mention, NO_NAME) for mention in one["mentions"] or ())):
            if value:
                in_place.setdefault(str(value), name)
                in_place.setdefault(json.dumps(str(value))[1:-1], name)
    if in_place:
        longest = sorted(in_place, key=lambda text: (-len(text), text))
        line = re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", lambda found: in_place[found[0]], line)
    return without_handles(line, names.key, platform, {})
