"""What is handed out: the wheel and the source archive, built as for a release."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from importlib import metadata
from pathlib import Path

import pytest

from store import __version__

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The directory with both archives; built from the sources as they are."""
    directory = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(directory), str(ROOT)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return directory


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def sources(package):
    """The package's files as a wheel should name them."""
    files = (path for path in (ROOT / package).rglob("*") if path.is_file())
    return {
        path.relative_to(ROOT).as_posix()
        for path in files
        if "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def test_the_wheel_holds_both_packages_whole(wheel):
    names = set(wheel.namelist())
    assert sources("store") <= names
    assert sources("tui") <= names
    assert {"store/py.typed", "tui/py.typed"} <= names


def test_the_wheel_holds_the_sample_library_where_it_is_looked_for(wheel):
    sample = (ROOT / "sample_data" / "library.json").read_bytes()
    assert wheel.read("tui/sample_data/library.json") == sample


def test_the_wheel_holds_nothing_else(wheel):
    roots = {name.partition("/")[0] for name in wheel.namelist()}
    assert roots == {"store", "tui", f"broadsheet-{__version__}.dist-info"}
    assert not [name for name in wheel.namelist() if "__pycache__" in name or "/." in name]


def test_the_wheel_says_what_it_is(wheel):
    information = f"broadsheet-{__version__}.dist-info"
    metadata = Parser().parsestr(wheel.read(f"{information}/METADATA").decode())
    assert metadata["Name"] == "broadsheet"
    assert metadata["Version"] == __version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    required = [line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line]
    assert not [line for line in required if line.startswith(("pytest", "ruff", "mypy", "build"))]
    assert b"broadsheet = tui.__main__:main" in wheel.read(f"{information}/entry_points.txt")
    assert f"{information}/licenses/LICENSE" in wheel.namelist()


def test_the_source_archive_can_be_tested_and_built_again(built):
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "Makefile",
        "README.md",
        "LICENSE",
        "sample_data/library.json",
    } <= names
    assert "tests/test_package.py" in names
    assert not [name for name in names if name.startswith((".venv", ".bench", ".git/"))]


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def named(requirements):
    """Requirements by the name of what is required."""
    return {re.match(r"[\w-]+", line)[0]: line for line in requirements}


def table():
    """What the README says of licences: names of packages, and the licence."""
    lines = (ROOT / "README.md").read_text().partition("### What it stands on")[2].splitlines()
    cells = [line.split("|")[1:3] for line in lines if line.startswith("| `")]
    return {name: licence for names, licence in cells for name in re.findall(r"`([\w-]+)`", names)}


def test_the_readme_tells_of_every_dependency_and_each_has_bounds():
    needed = named(project()["dependencies"])
    assert set(table()) == set(needed)
    # regex numbers its versions by the date.
    assert [name for name, line in needed.items() if "<" not in line] == ["regex"]
    for extra in project()["optional-dependencies"].values():
        assert [name for name, line in named(extra).items() if "<" not in line] == []


def imported():
    """Top-level names of all modules that the program imports, but for its own and Python's."""
    found = set()
    for package in ("store", "tui"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Import):
                    found.update(alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"store", "tui"}


def normal(name):
    """A package's name as registries compare them (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    providers = metadata.packages_distributions()
    used = {normal(name) for module in imported() for name in providers[module]}
    declared = {normal(name) for name in named(project()["dependencies"])}
    # What trafilatura needs of lxml is only declared.
    assert used == declared - {"lxml-html-clean"}


#: How licences are written, and the name that they have in the README.
LICENCES = {
    r"MIT\b": "MIT", r"BSD\b": "BSD", r"Apache\b": "Apache 2.0", r"CNRI\b": "CNRI",
    r"(MPL|Mozilla Public License).?2": "MPL 2.0", r"(MPL|Mozilla Public License).?1\.1": "MPL 1.1",
    r"(?<!L)GPL": "GPL", r"LGPL": "LGPL",
}  # fmt: skip


def licences(text):
    return {name for pattern, name in LICENCES.items() if re.search(pattern, text)}


@pytest.mark.parametrize("package", table())
def test_the_licence_that_the_readme_names_is_that_of_the_package(package):
    told = table()[package]
    about = metadata.metadata(package)
    classifiers = [
        line for line in about.get_all("Classifier") or () if line.startswith("License ::")
    ]
    # The expression is the newest way to say it, and the most exact.
    said = about["License-Expression"] or f"{about['License'] or ''} {' '.join(classifiers)}"
    offered = licences(said)
    assert offered, said
    if "of the three it is offered under" in told:
        assert len(offered) == 3
        assert licences(told) < offered
    else:
        assert licences(told) == offered
