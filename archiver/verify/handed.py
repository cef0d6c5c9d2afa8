"""The check of what the log says of copies: bundles that were handed over, and backups. Looks at no copy itself."""

from __future__ import annotations

from archiver.integrity import BACKUP_KIND, BUNDLE_KIND
from archiver.records import Checked, Finding
from archiver.verify.promised import Promised, Results

CHECK = "bundles and backups"
KINDS = (BUNDLE_KIND, BACKUP_KIND)


def copies(promised: Promised) -> Results:
    """Each names a state of the log that this log went through, and captures that it holds. None: nothing to say."""
    sizes = {size for entry in promised.copies if isinstance(size := entry.body.get("size"), int)}
    states = promised.commitments(sizes)
    for entry in promised.copies:
        size, named = entry.body.get("size"), entry.body.get("captures")
        state = states.get(size, b"").decode("ascii").split("\n") if isinstance(size, int) and size < entry.seq else []
        if entry.body.get("commitment") not in state[2:3]:
            yield Finding(CHECK, f"entry {entry.seq}", "It names a state that this log did not go through.")
        for capture in named if isinstance(named, list) else ():
            if capture not in promised.of_capture:
                yield Finding(CHECK, f"entry {entry.seq}", f"It names {capture}, which the log does not hold.")
    if promised.copies:
        yield Checked(CHECK, len(promised.copies))
