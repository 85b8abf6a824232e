# SPDX-License-Identifier: GPL-3.0-or-later
"""What every lint shares: the tree's own sources, and TAP. A lint is a function from a tree to faults ("path: what"), so that the same
function judges the real tree and a bad sample that proves that it can fail."""
import os
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROOMS = ("daemon", "scanner", "ocr", "store", "web")
NOT_OURS = ("build", "node_modules", ".git")


def sources(root, folders=ROOMS, endings=(".c", ".h")):
    """Paths relative to root, sorted."""
    found = []
    for folder in folders:
        for at, dirs, files in os.walk(os.path.join(root, folder)):
            dirs[:] = [d for d in dirs if not d.startswith(NOT_OURS)]
            found += [os.path.relpath(os.path.join(at, f), root) for f in files if f.endswith(endings)]
    return sorted(found)


def lines(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as f:
        return f.read().splitlines()


class Tap:
    def __init__(self):
        self.n = 0
        self.failed = 0

    def result(self, name, faults):
        self.n += 1
        self.failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {self.n} - {name}")
        for fault in faults:
            print(f"# {fault}")

    def clean(self, name, check):
        """The tree as it is has no fault."""
        self.result(name, check(ROOT))

    def notices(self, name, check, files):
        """The check finds a fault in a tree of these files, {path: text}."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as f:
                    f.write(text)
            found = check(root)
        self.result(f"notices {name}", [] if found else ["the bad sample passed"])

    def end(self):
        print(f"1..{self.n}")
        sys.exit(1 if self.failed else 0)
