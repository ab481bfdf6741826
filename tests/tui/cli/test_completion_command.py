"""`broadsheet completion`: what the shell then completes."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from store import EXPORT_FORMATS
from tui.cli import COMMANDS

ASKING = """
{script}
COMP_WORDS=({words}); COMP_CWORD={place}
_broadsheet
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def completed(run):
    """Asks bash what the last word of a line may become."""
    bash = shutil.which("bash") or pytest.skip("there is no bash")
    script = run("completion", "bash").out

    def ask(*words: str) -> list[str]:
        line = " ".join(f"'{word}'" for word in ("broadsheet", *words))
        asking = ASKING.format(script=script, words=line, place=len(words))
        done = subprocess.run(
            [bash, "--norc", "-c", asking], capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return done.stdout.split()

    return ask


def test_commands_are_completed(completed):
    assert set(COMMANDS) <= set(completed(""))
    assert completed("ex") == ["export"]
    assert completed("--library", "x.json", "feed", "ref") == ["refresh"]


def test_options_are_those_of_the_command(completed):
    assert completed("export", "--f") == ["--format", "--force"]
    assert completed("list", "--so") == ["--sort"]
    assert "--sort" not in completed("export", "--")
    assert "--full-text" in completed("feed", "add", "--")


def test_values_are_those_of_the_option(completed):
    assert completed("export", "--format", "") == list(EXPORT_FORMATS)
    assert completed("add", "--format", "pocket") == ["pocket", "pocket-html"]
    assert completed("--link", "s") == ["ssh", "slow"]


def test_names_of_files_are_left_to_the_shell(completed):
    assert completed("add", "not") == []
    assert completed("export", "-o", "") == []
    assert completed("--library", "") == []


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_a_script_that_they_can_read(run, tmp_path, shell):
    script = run("completion", shell)
    assert (script.status, script.err) == (0, "")
    assert all(name in script.out for name in COMMANDS)
    if program := shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(script.out)
        subprocess.run([program, "-n", str(file)], check=True)


def test_another_shell_is_no_choice(run):
    assert run("completion", "tcsh").status == 2
