"""Made-up vaults and the bundles of them, without a browser; and a shell that has only what VERIFY.txt asks for."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

from archiver import vault
from archiver.bundle import write
from archiver.bundle.check import check
from archiver.bundle.choose import Asked, choose
from archiver.bundle.chosen import Chosen
from archiver.bundle.logged import Token
from archiver.bundle.render import rendered
from archiver.bundle.source import opened
from archiver.bundle.stamped import Stamping
from archiver.records import Artifact, By, Finding, Provenance
from tests.vault.made import AT, SECRET, page_artifacts, page_reading, snapshot

TOOLS = ("sha256sum", "head", "openssl", "sh")
PRIVATE = "heliotrope marginalia"  # the person's own note


def fill(folder: Path, captures: int = 3, **changed: object) -> None:
    """A vault with captures, each with a private note and a reading; closed."""
    how = Provenance(tool="Archiver 0.1.0", system="Linux", headers=(("server", "made up"),))
    with vault.create(folder, secret=SECRET) as made:
        for n in range(1, captures + 1):
            seen = snapshot(n, artifacts=page_artifacts(n), finished=f"2026-03-{n:02}T09:15:04.250Z", provenance=how)
            kept = made.append_capture(seen, note=f"{PRIVATE} {n}", by=By("Sam"))
            made.keep_reading(page_reading(kept.id, of=(kept.body["artifacts"][0]["sha256"],)))


def bundled(
    folder: Path,
    destination: Path,
    asked: Asked = Asked(),  # noqa: B008 - it is frozen
    how: write.How = write.How(),  # noqa: B008 - as above
    tokens: Sequence[Token] = (),
) -> list[write.Written]:
    with vault.open_vault(folder, secret=SECRET) as kept:
        chosen = choose(kept, asked, at=AT, tokens=[token.facts for token in tokens])
        return written(kept, chosen, destination, how, tokens)


def written(
    kept: vault.Vault,
    chosen: Chosen,
    destination: Path,
    how: write.How,
    tokens: Sequence[Token] = (),
    stamping: Stamping = write.UNASKED,
) -> list[write.Written]:
    return list(
        write.write(
            kept,
            chosen,
            destination,
            how=how,
            renderings=lambda part: rendered(part, None),
            tokens=tokens,
            now=lambda: AT,
            by=By(),
            stamping=stamping,
        )
    )


def faults(path: Path, passphrase: str = "") -> list[Finding]:
    with opened(path, passphrase) as source:
        return [seen for seen in check(source) if isinstance(seen, Finding)]


def tools(folder: Path) -> Path:
    """A folder with the four programs, and no other."""
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, f"{name} is what the bundle's instructions use"
        (folder / name).symlink_to(found)
    return folder


def commands(bag: Path) -> list[str]:
    """The lines of VERIFY.txt that are to be typed on Linux."""
    text = (bag / "VERIFY.txt").read_text("ascii")
    return re.findall(r"^    (\S.*)$", text, re.MULTILINE)


def shell(bag: Path, path: Path, lines: Sequence[str]) -> bool:
    """Whether every command ends well."""
    sh = path / "sh"
    return all(
        subprocess.run(
            [sh, "-c", line], cwd=bag, env={"PATH": str(path)}, capture_output=True, timeout=60, check=False
        ).returncode
        == 0
        for line in lines
    )


def picture_with_place() -> Artifact:
    """The beginning of a JPEG whose EXIF names a place (made up: on the open sea)."""
    order = "<"
    rational = struct.pack(f"{order}6I", 10, 1, 20, 1, 30, 1)
    header = b"II*\x00" + struct.pack(f"{order}I", 8)
    first = struct.pack(f"{order}HHHIII", 1, 0x8825, 4, 1, 26, 0)
    place = struct.pack(f"{order}HHHIIHHIII", 2, 2, 5, 3, 56, 4, 5, 3, 56, 0)
    exif = header + first + place + rational
    assert len(header + first) == 26
    return Artifact("companion", "image/jpeg", b"\xff\xd8\xff\xe1\x00\x60Exif\x00\x00" + exif + b"\xff\xd9", url="x")
