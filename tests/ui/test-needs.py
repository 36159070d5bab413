#!/usr/bin/python3
"""What a business needs is read before anybody has logged in: chosen from the home page, for each type of certificate and each
way to settle; copied as text; and the business begun from there."""

import os
import subprocess
import sys
import traceback

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from stage import PROFILE, Demo, Late, P, T, Window  # noqa: E402

outcomes = []


def case(deed):
    """One case of the test; those after one that failed cannot pass."""
    problem = 'a case before it failed' if not all(outcomes) else None
    if problem is None:
        try:
            deed()
        except (Late, AssertionError, OSError, subprocess.SubprocessError) as error:
            problem = '%s: %s' % (type(error).__name__, error)
            traceback.print_exc()
    outcomes.append(problem is None)
    if problem is not None:
        print('# ' + problem.replace('\n', '\n# '))
    print('%s %d %s' % ('not ok' if problem else 'ok', len(outcomes), deed.__name__), flush=True)
    return deed


demo = Demo()
window = Window(demo)
HELP = T('What do I need? %s') % T('New certificate')


def rules(subject):
    return [rule for rule in PROFILE['documents'] if 'apply' in rule['businesses'] and subject in rule['subjects']]


def expect_documents(subject):
    """All that this type asks for, with what each must be like, and nothing only another asks for."""
    for rule in rules(subject):
        window.find('list item', P(rule['name']))
        window.find('label', P(rule['note']), exact=False)
    for rule in PROFILE['documents']:
        if rule not in rules(subject):
            window.wait_gone('list item', P(rule['name']))


def choose(field, value, steps):
    """In a drop-down list, so many rows further down."""
    window.focus(field, 'combo box')
    window.keys('space')
    window.find('label', value)
    window.keys(*['Down'] * steps, 'Return')


@case
def a_tile_says_what_it_takes():
    window.press(HELP)
    window.find('push button', T('Begin now'))
    expect_documents('enterprise')
    window.find('list item', T('Unified social credit code'))
    window.find('list item', T('Mobile number of the handler'))
    window.find('list item', T('Pay by QR code'))
    window.find('label', T('%s yuan') % '300.00')


@case
def another_type_asks_for_other_things():
    choose(T('Type of certificate'), T('Personal certificate'), 2)
    expect_documents('person')
    window.wait_gone('list item', T('Unified social credit code'))


@case
def who_settles_otherwise_pays_nothing():
    choose(T('Who pays'), T('Settled by the enterprise'), 1)
    window.find('label', T('Nothing to pay here'))
    window.wait_gone('list item', T('Pay by QR code'))


@case
def it_is_copied_as_text():
    window.press(T('Copy as text'))
    window.find('label', T('Copied'))


@case
def it_begins_from_there():
    window.press(T('Begin now'))
    window.find('push button', T('Register'))


@case
def the_program_is_well():
    assert window.process.poll() is None, 'the program ended by itself'
    log = window.read_log()
    for word in ('AddressSanitizer', 'runtime error', 'CRITICAL'):
        assert word not in log, log


if not all(outcomes):
    print('# the program said: ' + window.read_log().replace('\n', '\n# '))
    for node in window.walk():
        print('#', node.get_role_name(), node.get_name())
window.close()
demo.close()
print('1..%d' % len(outcomes))
sys.exit(0 if all(outcomes) else 1)
