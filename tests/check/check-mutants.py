#!/usr/bin/python3
"""The mutations of tests/mutants still apply, say what they break, and name a test that exists."""

import json
import re
import subprocess

from tap import BUILD, ROOT, case, finish

PATCHES = sorted((ROOT / 'tests' / 'mutants').glob('*.patch'))
WANTED = 10


def find_too_few():
    if len(PATCHES) < WANTED:
        yield '%d mutations, %d are wanted' % (len(PATCHES), WANTED)


def find_not_applying():
    for path in PATCHES:
        result = subprocess.run(['patch', '--dry-run', '--strip=1', '--force', '--fuzz=0', '--directory', str(ROOT)],
                                input=path.read_text(encoding='utf-8'), capture_output=True, text=True, check=False)
        if result.returncode != 0:
            yield from ('%s: %s' % (path.name, line) for line in result.stdout.splitlines())


def find_lost_tests():
    """A patch names a suite, and if it names a test, one of that suite."""
    tests = set()
    for test in json.loads((BUILD / 'meson-info' / 'intro-tests.json').read_text(encoding='utf-8')):
        for suite in test['suite']:
            tests.add((suite.split(':')[-1], test['name']))
    suites = {suite for suite, _ in tests}
    for path in PATCHES:
        head = path.read_text(encoding='utf-8').split('\n--- ')[0]
        suite = re.search(r'^Suite: (\S+)$', head, re.MULTILINE)
        test = re.search(r'^Test: (\S+)', head, re.MULTILINE)
        if suite is None or suite.group(1) not in suites:
            yield '%s names no suite there is' % path.name
        elif test is not None and (suite.group(1), test.group(1)) not in tests:
            yield '%s names test %s, which is not in suite %s' % (path.name, test.group(1), suite.group(1))
        if re.match(r'[A-Z].*\.$', head.split('\n')[0]) is None:
            yield '%s does not begin with what it breaks' % path.name


case('enough', find_too_few())
case('apply', find_not_applying())
case('tests', find_lost_tests())
finish()
