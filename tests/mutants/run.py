"""Breaks copies of the code, one mutant at a time, and shows which test notices. All have to be caught.

``make mutants`` tries all; ``make mutants ARGS="limits hold"`` those that have one of the words in their names. With
``ARGS="--by tests/contract/test_model.py"`` it shows which of them that test notices, be it the one that should or not.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import ROOT, Mutant

_COPIED = ("paytm", "tests", "docker", "wsgi.py", "gunicorn.conf.py", "setup.cfg")
_OTHERS = shutil.ignore_patterns("__pycache__", "node_modules")
# What pytest ends with: all tests passed, or some failed. Anything else is no answer.
_PASSED, _FAILED = 0, 1


class Verdict(NamedTuple):
    """``noticed`` are the tests that failed; ``trouble`` is why there is no answer, or nothing."""

    noticed: tuple[str, ...]
    trouble: str
    seconds: float


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("words", nargs="*", help="of the names of those to try; without any, all")
    arguments.add_argument("--by", help="another test than those that should notice")
    given = arguments.parse_args()
    words, by = given.words, given.by
    tried = [mutant for mutant in MUTANTS if not words or any(word in mutant.name for word in words)]
    tried = [replace(mutant, checks=(by,)) for mutant in tried] if by else tried
    control = _run(dict.fromkeys(check for mutant in tried for check in mutant.checks))
    _print("(none: the code as it is)", control)
    if control.noticed or control.trouble:
        print("The code as it is fails these tests, so they would prove nothing.")
        return 1
    survivors = [mutant for mutant in tried if not _is_caught(mutant)]
    print(f"{len(tried) - len(survivors)} of {len(tried)} mutants were caught")
    return 1 if survivors else 0


def _is_caught(mutant: Mutant) -> bool:
    verdict = _run(mutant.checks, mutant)
    _print(mutant.name, verdict)
    return bool(verdict.noticed) and not verdict.trouble


def _run(checks: Iterable[str], mutant: Mutant | None = None) -> Verdict:
    """Run tests on a copy of the code, with a mutant in it, up to the first that fails."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            _copy(Path(folder), mutant)
        except ValueError as error:
            return Verdict((), str(error), 0)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "--tb=no", "-rfE", "-p", "no:cacheprovider"]
        done = subprocess.run([*command, *checks], cwd=folder, capture_output=True, text=True, check=False)
    # An error after a failure is the audit's, which follows every test.
    failed = re.findall(r"^(FAILED|ERROR) (\S+::.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    noticed = dict.fromkeys(
        test if how == "FAILED" else f"the audit after {test.split('::')[-1]}" for how, test in failed
    )
    trouble = "" if done.returncode in (_PASSED, _FAILED) else (done.stdout + done.stderr)[-2000:]
    return Verdict(tuple(noticed), trouble, time.monotonic() - began)


def _copy(folder: Path, mutant: Mutant | None) -> None:
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_OTHERS)
        else:
            shutil.copy2(source, folder / name)
    for change in mutant.changes if mutant else ():
        change.apply(folder)


def _print(name: str, verdict: Verdict) -> None:
    caught = ", ".join(verdict.noticed) or ("-" if name.startswith("(") else "SURVIVED")
    print(f"{name:52} {verdict.seconds:5.1f} s  {verdict.trouble or caught}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
