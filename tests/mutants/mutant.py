"""A way in which the code could be wrong, and the tests that notice."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Change:
    """In a file stands ``after`` where ``before`` was, which is there exactly once."""

    file: str
    before: str
    after: str

    def fits(self, root: Path = ROOT) -> bool:
        return (root / self.file).read_text().count(self.before) == 1

    def apply(self, root: Path) -> None:
        """Change a copy of the project.

        :raises ValueError: the code is not what it was when the mutant was written.
        """
        if not self.fits(root):
            raise ValueError(f"it does not fit {self.file} any more")
        path = root / self.file
        path.write_text(path.read_text().replace(self.before, self.after))


@dataclass(frozen=True)
class Mutant:
    """``name`` is what is wrong then; ``checks`` are tests, by their node ids, of which one has to fail."""

    name: str
    changes: tuple[Change, ...]
    checks: tuple[str, ...]


def mutant(name: str, file: str, before: str, after: str, *checks: str) -> Mutant:
    """Return a mutant of one change."""
    return Mutant(name, (Change(file, before, after),), checks)
