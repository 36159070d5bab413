#!/usr/bin/python3
"""What README and CONTRIBUTING show is true: commands, files and tests named are there, the diff of a new flow applies."""

import json
import re
import subprocess

from tap import BUILD, ROOT, case, finish

MAX_ADDED = 10
# Of the manual: those that describe what is done
CHAPTERS = [str(chapter) for chapter in range(2, 12)]
PAGES = ['README.md', 'CONTRIBUTING.md', 'src/README.md', 'tests/README.md', 'data/README.md']


def read(name):
    path = ROOT / name
    return path.read_text(encoding='utf-8') if path.is_file() else ''


def find_wrong_diff():
    diffs = re.findall(r'^```diff\n(.*?)^```', read('CONTRIBUTING.md'), re.MULTILINE | re.DOTALL)
    if not diffs:
        yield 'CONTRIBUTING.md shows no diff'
    for diff in diffs:
        result = subprocess.run(['patch', '--dry-run', '--strip=1', '--force', '--directory', str(ROOT)], input=diff,
                                capture_output=True, text=True, check=False)
        added = len(re.findall(r'^\+(?!\+\+)', diff, re.MULTILINE))
        if result.returncode != 0:
            yield from result.stdout.splitlines()
        if added >= MAX_ADDED:
            yield '%d lines for one row' % added


def find_unknown_commands():
    """Commands of ./dev that are named and do not exist."""
    commands = set(re.findall(r'^cmd_(\w+) \(\)', read('dev'), re.MULTILINE))
    for page in PAGES:
        for command in re.findall(r'\./dev (\w+)', read(page)):
            if command not in commands:
                yield '%s names ./dev %s' % (page, command)
    for command in re.findall(r"^  '(\w+)\|", read('dev'), re.MULTILINE):
        if command not in commands:
            yield './dev help names %s' % command


def find_lost_files():
    """Paths in backquotes that do not exist; capitals and wildcards stand for something."""
    for page in PAGES:
        for name in re.findall(r'`((?:src|tests|data|po|tools|icons)/[a-z0-9_./-]+)`', read(page)):
            if not (ROOT / name).exists():
                yield '%s names %s' % (page, name)


def find_untested_chapters():
    """Each chapter of the manual is in the table of the README, with tests that there are."""
    known = {test['name'] for test in json.loads((BUILD / 'meson-info' / 'intro-tests.json').read_text(encoding='utf-8'))}
    rows = re.findall(r'^\| (\d[\d.–]*) \| [^|]+ \| ([^|]*) \|$', read('README.md'), re.MULTILINE)
    for chapter in CHAPTERS:
        if not any(row.split('.')[0] == chapter for row, _ in rows):
            yield 'README.md says of no test of chapter %s' % chapter
    for chapter, tests in rows:
        names = re.findall(r'`([^`]+)`', tests)
        for name in [name for name in names if name not in known] or ([] if names else ['nothing']):
            yield 'README.md names %s for %s, and there is no such test' % (name, chapter)


case('chapters', find_untested_chapters())
case('flow-row', find_wrong_diff())
case('commands', find_unknown_commands())
case('files', find_lost_files())
finish()
