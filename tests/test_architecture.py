"""The house rules, held as data: floors, owners of libraries, purity of the extractors."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {  # a room may import rooms of lower floors, and nothing of its own floor but itself
    "extractors": 0,
    "archiver.__init__": 0,
    "archiver.anchored": 1,
    "archiver.errors": 1,
    "archiver.later": 1,
    "archiver.packages": 1,
    "archiver.records": 1,
    "archiver.settings": 1,
    "archiver.watched": 1,
    "archiver.address": 2,
    "archiver.addressed": 2,
    "archiver.caution": 2,
    "archiver.integrity": 2,
    "archiver.schedule": 2,
    "archiver.starter": 2,
    "archiver.synced": 2,
    "archiver.browser": 3,
    "archiver.clock": 3,
    "archiver.keys": 3,
    "archiver.ocr": 3,
    "archiver.workers": 3,
    "archiver.vault": 4,  # above the plan's floor: opening a vault is using its keys
    "archiver.parcel": 3,
    "archiver.pictures": 3,
    "archiver.timestamp": 3,
    "archiver.posting": 4,  # goes through the proxies that the browser goes through
    "archiver.witness": 3,
    "archiver.differences": 4,  # gathers readings: sealed records of the browser, words of the witness
    "archiver.reading": 5,
    "archiver.compare": 5,
    "archiver.recapture": 5,
    "archiver.anchoring": 6,
    "archiver.backup": 6,
    "archiver.bundle": 6,
    "archiver.capture": 6,
    "archiver.setup": 6,
    "archiver.taking_in": 6,
    "archiver.timeline": 6,
    "archiver.verify": 6,
    "archiver.watching": 6,
    "archiver.assembly": 7,
    "archiver.locked": 8,
    "archiver.cli": 9,
    "archiver.web": 9,
    "archiver.__main__": 10,
}
OWNERS = {  # a library lives in one room; a second room needs a reason here
    "playwright": ("archiver.browser",),
    "warcio": ("archiver.browser", "archiver.bundle"),  # one writes network records, one indexes them for replay
    "pytesseract": ("archiver.ocr",),
    "PIL": (
        "archiver.ocr",
        "archiver.browser",
        "archiver.pictures",
        "archiver.bundle",
    ),  # all look at pixels: to read them, to see whether they were painted, whether two show the same, to print them
    "numpy": ("archiver.ocr",),
    "sqlite_utils": ("archiver.vault",),
    "sqlcipher3": ("archiver.vault",),
    "keyring": ("archiver.keys",),
    "cryptography": (
        "archiver.keys",
        "archiver.integrity",
        "archiver.timestamp",
    ),  # the last reads the X.509 files inside time stamps
    "bs4": ("extractors",),
    "lxml": ("extractors",),
    "click": ("archiver.cli",),
    "rich": ("archiver.cli",),
    "pyrage": ("archiver.keys",),
    "pyzipper": ("archiver.bundle",),
    "rfc3161_client": ("archiver.timestamp",),
    "segno": ("archiver.bundle", "archiver.keys"),  # the latter: the code on a recovery sheet
    "platformdirs": ("archiver.settings", "archiver.keys"),  # where the vault lies, and where the device's key lies
}
PURE = {"extractors"}  # rooms that know no file, clock, network or process
IMPURE_MODULES = {"os", "pathlib", "io", "socket", "subprocess", "time", "random", "tempfile", "shutil", "threading"}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval"}
CLOCK_CALLS = {"now", "utcnow", "today"}


def _files() -> list[Path]:
    return sorted(path for top in ("archiver", "extractors") for path in (ROOT / top).rglob("*.py"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _room(module: str) -> str:
    """The entry of FLOORS that a module belongs to; longest name first."""
    if module == "archiver":
        return "archiver.__init__"
    names = [name for name in FLOORS if module == name or module.startswith(name + ".")]
    assert names, f"{module} has no floor: give it one in {Path(__file__).name}"
    return max(names, key=len)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def _imports(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; imports are absolute"
            base = node.module or ""
            found.add(base)
            found |= {f"{base}.{alias.name}" for alias in node.names if _is_module(f"{base}.{alias.name}")}
            if base == "archiver":  # `from archiver import clock` is an import of clock, not of the package
                found.discard("archiver")
                found |= {f"archiver.{alias.name}" for alias in node.names if alias.name != "__version__"}
    return frozenset(found)


@cache
def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def upward_imports(files: list[Path]) -> list[str]:
    wrong = []
    for path in files:
        here = _room(_module(path))
        for name in sorted(_imports(path)):
            if name.partition(".")[0] not in ("archiver", "extractors"):
                continue
            there = _room(name)
            if there != here and FLOORS[there] >= FLOORS[here]:
                wrong.append(f"{_module(path)} (floor {FLOORS[here]}) imports {name} (floor {FLOORS[there]})")
    return wrong


def test_nothing_imports_upward() -> None:
    assert upward_imports(_files()) == []


def test_an_upward_import_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "archiver" / "errors.py"
    wrong.parent.mkdir()
    wrong.write_text("from archiver.cli import main\n")
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    assert upward_imports([wrong]) == ["archiver.errors (floor 1) imports archiver.cli (floor 9)"]


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_library_lives_in_its_own_room(library: str) -> None:
    users = {_module(path) for path in _files() if library in {name.partition(".")[0] for name in _imports(path)}}
    strangers = {user for user in users if _room(user) not in OWNERS[library]}
    assert strangers == set()


def test_extractors_are_pure() -> None:
    wrong = []
    for path in (path for path in _files() if _room(_module(path)) in PURE):
        tops = {name.partition(".")[0] for name in _imports(path)}
        wrong += [f"{_module(path)} imports {name}" for name in sorted(tops & (IMPURE_MODULES | {"archiver"}))]
        wrong += [f"{_module(path)} calls {name}" for name in sorted(_calls(path) & (IMPURE_CALLS | CLOCK_CALLS))]
    assert wrong == []


def _calls(path: Path) -> set[str]:
    """Names of plain calls (`open(…)`) and of clock methods (`datetime.now(…)`)."""
    calls = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                calls.add(node.func.id)
            elif isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS:
                calls.add(node.func.attr)
    return calls


def test_imports_stand_at_the_top() -> None:
    wrong = []
    for path in _files():
        tree = _tree(path)
        inner = [
            node
            for function in ast.walk(tree)
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
            for node in ast.walk(function)
        ]
        wrong += [f"{_module(path)}:{node.lineno}" for node in inner if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert wrong == []


def test_what_a_room_offers_for_later_is_named_as_none_of_its_modules() -> None:
    """Else the module takes the name's place once it is imported."""
    wrong = []
    for door in (path for path in ROOT.glob("archiver/**/__init__.py") if "archiver.later" in _imports(path)):
        offered = next((ast.literal_eval(node.value) for node in _tree(door).body if _is_all(node)), [])
        wrong += [f"{door.parent.name}.{name}" for name in offered if (door.parent / f"{name}.py").exists()]
    assert wrong == []


def _is_all(node: ast.stmt) -> TypeGuard[ast.Assign]:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def test_the_one_broad_except_is_in_reading() -> None:
    broad = set()
    for path in _files():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            ):
                broad.add(_module(path))
    assert broad <= {"archiver.reading"}


def test_every_file_says_what_it_is_for() -> None:
    silent = [_module(path) for path in _files() if not ast.get_docstring(_tree(path)) and path.read_text().strip()]
    assert silent == []


def test_files_are_one_sitting() -> None:
    long = {_module(path): lines for path in _files() if (lines := len(path.read_text("utf-8").splitlines())) > 350}
    assert long == {}


def test_what_people_see_is_named_neutrally() -> None:
    """SAFETY B1: names that show on a screen or in a process list hold none of these words."""
    words = ("stalk", "abuse", "harass", "evidence", "victim", "police")
    names = [
        *(path.name for path in _files()),
        "archiver",
        *(ROOT / "pyproject.toml").read_text().split("[project.scripts]")[1].split()[:3],
    ]
    assert [name for name in names if any(word in name.lower() for word in words)] == []
