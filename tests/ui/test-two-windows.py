#!/usr/bin/python3
"""Two windows on one application, by names and roles: what the other one saved meanwhile is shown beside what stands here, the
user chooses, and nothing of either is lost. The other one is a terminal."""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import Demo, T, Window, make_documents, until  # noqa: E402
from terminal import ENTERPRISE_PAY, Terminal  # noqa: E402

NAME = 'Name of the unit (in full)'
HERE, THERE = '天津市此处有限公司', '天津市彼处有限公司'
folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
# At the documents: the way back to what was filled in is open
application = terminal.begin(ENTERPRISE_PAY, terminal.unit)


def differ(here, there):
    """The window sends one name, and the other one was faster."""
    window.fill(T(NAME), here)
    terminal.change(application, {'unit-name': there})
    window.press(T('Next'))


def see_the_question(here, there):
    window.wait_text(T('Changed in another window'), exact=False)
    said = until('both values', lambda: next((n.get_name() for n in window.walk() if there in (n.get_name() or '')), None))
    assert T('%s: there “%s”, here “%s”') % (T(NAME), there, here) in said, said
    until('the focus on “Keep mine”', lambda: window.is_focused('push button', T('Keep mine')))
    assert get_answers()['unit-name'] == there, 'it was overwritten unasked'


def get_answers():
    return terminal.show(application)['answers']


def check_the_rest():
    """What only one of them touched, of both."""
    answers = get_answers()
    assert answers['unit-email'] == 'here@example.com', answers
    for field in ('unit-code', 'term', 'province', 'city'):
        assert answers[field] == terminal.unit[field], answers


window = Window(demo)


@case
def what_was_changed_elsewhere_is_shown():
    window.press(T('Continue'), exact=False)
    window.find('heading', T('Upload the documents'))
    window.press(T('Back'))
    window.find('heading', T('Fill in the certificate data'))
    window.fill(T('%s (optional)') % T('E-mail of the unit'), 'here@example.com')
    differ(HERE, THERE)
    see_the_question(HERE, THERE)


@case
def closing_the_question_decides_nothing():
    window.keys('Escape')
    until('the end of the question', lambda: not window.look('push button', T('Keep mine'), exact=False)
          and not window.is_focused('push button', T('Keep mine')))
    window.wait_text(T('It has been changed elsewhere'), exact=False)
    assert get_answers()['unit-name'] == THERE
    assert window.read(T(NAME)) == HERE, window.read(T(NAME))


@case
def mine_is_kept_with_all_else_of_both():
    window.press(T('Next'))
    window.find('heading', T('Upload the documents'))
    assert get_answers()['unit-name'] == HERE
    check_the_rest()


@case
def theirs_is_taken_over_by_keyboard():
    window.press(T('Back'))
    window.find('heading', T('Fill in the certificate data'))
    differ(HERE + '一', THERE + '二')
    see_the_question(HERE + '一', THERE + '二')
    window.keys('shift+Tab')
    until('the focus on “Take over”', lambda: window.is_focused('push button', T('Take over')))
    window.keys('Return')
    until('the value of the other one', lambda: window.read(T(NAME)) == THERE + '二')
    window.press(T('Next'))
    window.find('heading', T('Upload the documents'))
    assert get_answers()['unit-name'] == THERE + '二'
    check_the_rest()


@case
def the_program_is_well():
    check_program(window, SECRETS.values())


finish(window, demo)
