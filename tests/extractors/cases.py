"""The made-up pages under `fixtures/pages/`, as pages and as what should be read from them.

`python -m tests.extractors.cases PLATFORM[/CASE]…` prints what is read now, in the form of `expected.json`; with
`--write` it writes that file. What it writes is only as right as the reader: it is read through before it is kept.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.contract import Account, Media, Page, Post, Problem, Standing, StatedTime
from extractors.registry import extractor_for
from extractors.standing import standing_of
from extractors.toolbox import decode

ROOT = Path(__file__).parents[2] / "fixtures" / "pages"
NEVER_LEFT_OUT = {"platform", "kind", "author", "text", "written", "state"}
SOURCES = ("page.html", "page.json", "page.txt")


@dataclass(frozen=True)
class Case:
    """One folder: a page, where it would have stood, and what should be read from it."""

    folder: Path
    page: Page
    posts: tuple[Post, ...]
    state: str
    problems: int

    @property
    def platform(self) -> str:
        return self.folder.parent.name

    @property
    def name(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"


def cases(root: Path = ROOT) -> list[Case]:
    """Every case with an `expected.json`, by name."""
    return [case_in(path.parent) for path in sorted(root.glob("*/*/expected.json"))]


def case_in(folder: Path) -> Case:
    expected = _json(folder / "expected.json")
    return Case(
        folder=folder,
        page=page_in(folder),
        posts=tuple(post_from(one) for one in expected["posts"]),
        state=expected["standing"]["state"],
        problems=expected["problems"],
    )


def page_in(folder: Path) -> Page:
    """The page of a case folder, with the twins that `companions` in `case.json` names by address."""
    about = _json(folder / "case.json")
    source = next(folder / name for name in SOURCES if (folder / name).is_file())
    return Page(
        url=about["url"],
        html=decode(source.read_bytes()),
        status=about["status"],
        text=about.get("text", ""),
        companions={url: (folder / name).read_bytes() for url, name in about.get("companions", {}).items()},
    )


def read(page: Page) -> tuple[list[Post], Standing, list[Problem]]:
    """What the program reads from a page today."""
    extractor = extractor_for(page.url, page)
    records = list(extractor.read(page))
    posts = [record for record in records if isinstance(record, Post)]
    return posts, standing_of(page, extractor), [record for record in records if isinstance(record, Problem)]


def plain(record: Any) -> Any:
    """A record as JSON values, without the fields that say nothing."""
    if dataclasses.is_dataclass(record):
        return {
            f.name: plain(getattr(record, f.name))
            for f in dataclasses.fields(record)
            if f.name in NEVER_LEFT_OUT or getattr(record, f.name) != _default(f)
        }
    if isinstance(record, (list, tuple)):
        return [plain(one) for one in record]
    return dict(record) if isinstance(record, dict) else record


def post_from(values: dict[str, Any]) -> Post:
    """A post out of `expected.json`; a field that does not exist is an error."""
    given = {"text": ""} | values
    given["author"] = Account(**given.get("author", {}))
    for name in ("time", "edited"):
        given[name] = StatedTime(**given[name]) if given.get(name) else None
    given["quoted"] = post_from(given["quoted"]) if given.get("quoted") else None
    given["media"] = tuple(Media(**one) for one in given.get("media", ()))
    given["labels"] = tuple(given.get("labels", ()))
    return Post(**given)


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="PLATFORM[/CASE]")
    parser.add_argument("--write", action="store_true", help="write expected.json; then read it through")
    arguments = parser.parse_args()
    for name in arguments.names:
        for about in sorted(ROOT.glob(f"{name}/case.json" if "/" in name else f"{name}/*/case.json")):
            posts, standing, problems = read(page_in(about.parent))
            expected = {"posts": plain(posts), "standing": {"state": standing.state}, "problems": len(problems)}
            text = json.dumps(expected, ensure_ascii=False, indent=2) + "\n"
            if arguments.write:
                (about.parent / "expected.json").write_text(text, "utf-8")
            sys.stdout.write(f"{about.parent.relative_to(ROOT)}: {standing.state}, {standing.why}\n{text}")
            sys.stdout.writelines(f"  problem at {one.where}: {one.what}\n" for one in problems)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
