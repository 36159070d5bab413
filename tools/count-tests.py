#!/usr/bin/python3
"""Counts the test cases of a meson run: count-tests.py TESTLOG.json [--no-skips]

Prints what failed or was skipped and, last, `N passed, N failed, N skipped`. A program that prints TAP counts case
by case, any other as one case. Exit status 1 if anything failed, if nothing ran, or, with --no-skips, if anything was
skipped.
"""

import json
import re
import sys

CASE = re.compile(r'^\s*(not )?ok\b\s*\d*\s*-?\s*([^#\n]*)(?:#\s*(\w+))?', re.MULTILINE)
PLAN = re.compile(r'^\s*1\.\.(\d+)', re.MULTILINE)
PASSED, FAILED, SKIPPED = 'passed', 'failed', 'skipped'
GOOD_ENDS = {'OK': PASSED, 'EXPECTEDFAIL': PASSED, 'SKIP': SKIPPED}


def read_cases(stdout):
    """The (name, outcome) of each TAP line."""
    for negated, name, directive in CASE.findall(stdout):
        directive = directive.lower()
        if directive.startswith('skip') or directive == 'todo':
            yield name.strip(), SKIPPED
        else:
            yield name.strip(), FAILED if negated else PASSED


def judge(test):
    """The cases of one program; its exit status has the last word."""
    end = GOOD_ENDS.get(test['result'], FAILED)
    stdout = test.get('stdout', '')
    cases = list(read_cases(stdout))
    if not cases:
        return [('', end)]
    planned = max([int(n) for n in PLAN.findall(stdout)], default=len(cases))
    ended_early = end == PASSED and planned > len(cases)
    if (end == FAILED or ended_early) and not any(outcome == FAILED for _, outcome in cases):
        last = 'ended early' if ended_early else 'ended badly (%s)' % test['result'].lower()
        cases.append((last + ' after ' + cases[-1][0], FAILED))
    return cases


def main():
    path = sys.argv[1]
    no_skips = '--no-skips' in sys.argv[2:]
    counts = {PASSED: 0, FAILED: 0, SKIPPED: 0}

    try:
        with open(path, encoding='utf-8', errors='replace') as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except FileNotFoundError:
        tests = []
    for test in tests:
        for name, outcome in judge(test):
            counts[outcome] += 1
            if outcome != PASSED:
                print('%s: %s %s' % (outcome.upper(), test['name'], name))

    print('%d passed, %d failed, %d skipped' % tuple(counts[k] for k in (PASSED, FAILED, SKIPPED)))
    wrong = counts[FAILED] > 0 or sum(counts.values()) == 0 or (no_skips and counts[SKIPPED] > 0)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
