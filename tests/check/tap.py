"""What every check uses: the places, and TAP."""

import os
import pathlib
import sys

ROOT = pathlib.Path(os.environ.get('CERTHALL_SOURCE_ROOT', pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ.get('CERTHALL_BUILD_ROOT', ROOT / '_build' / 'asan'))
SRC = ROOT / 'src'

_outcomes = []


def sources(*suffixes, below=SRC):
    """The files below a folder with these endings, sorted; (path relative to src, text) each."""
    for path in sorted(below.rglob('*')):
        if path.is_file() and path.suffix in suffixes:
            yield path.relative_to(SRC).as_posix(), path.read_text(encoding='utf-8')


def case(name, problems):
    """One test case: passes if there are no problems."""
    problems = list(problems)
    _outcomes.append(not problems)
    for problem in problems:
        print('# %s' % problem)
    print('%s %d %s' % ('not ok' if problems else 'ok', len(_outcomes), name), flush=True)


def finish():
    """Prints the plan and ends the program."""
    print('1..%d' % len(_outcomes))
    sys.exit(0 if _outcomes and all(_outcomes) else 1)
