"""Lines carried by something else. Placeholder."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa


def recognise_wrapping(sample: Sequence[bytes]) -> bool:
    """Whether lines are wrapped."""
    del sample
    return False


def unwrap(batch: pa.RecordBatch) -> pa.RecordBatch:
    """What wrapped lines carry."""
    return batch
