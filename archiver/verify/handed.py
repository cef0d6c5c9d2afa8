"""The check of what the log says of copies: bundles that were handed over, and backups. Looks at no copy itself."""

from __future__ import annotations

import hashlib

from archiver.integrity import BACKUP_KIND, BUNDLE_KIND
from archiver.records import Checked, Finding
from archiver.verify.promised import Promised, Results

CHECK = "bundles and backups"
KINDS = (BUNDLE_KIND, BACKUP_KIND)


def copies(promised: Promised) -> Results:
    """Each names a state of the log that this log went through, and captures that it holds. None: nothing to say."""
    wanted = {entry.body.get("size") for entry in promised.copies}
    running, commitments = hashlib.sha256(), {}
    for n, sha256 in enumerate(promised.digests, start=1):
        running.update(f"{sha256}\n".encode("ascii"))
        if n in wanted:
            commitments[n] = running.hexdigest()
    for entry in promised.copies:
        size, named = entry.body.get("size"), entry.body.get("captures")
        if type(size) is not int or not 0 < size < entry.seq or commitments.get(size) != entry.body.get("commitment"):
            yield Finding(CHECK, f"entry {entry.seq}", "It names a state that this log did not go through.")
        for capture in named if isinstance(named, list) else ():
            if capture not in promised.of_capture:
                yield Finding(CHECK, f"entry {entry.seq}", f"It names {capture}, which the log does not hold.")
    if promised.copies:
        yield Checked(CHECK, len(promised.copies))
