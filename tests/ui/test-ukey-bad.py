#!/usr/bin/python3
"""A driver that crashes when a PIN is tried: the window stays, says what is the matter, and goes on without it."""

import os
import sys

sys.dont_write_bytecode = True
os.environ['CERTHALL_MODULES'] = os.path.join(os.environ['CERTHALL_FIXTURES'], 'bad-module.so')
os.environ['CERTHALL_BAD_MODULE'] = 'C_Login=crash'
from cases import case, check_program, finish  # noqa: E402
from path import consent  # noqa: E402
from stage import Demo, T, Window  # noqa: E402
from ukey import PIN  # noqa: E402

demo = Demo()
window = Window(demo)


@case
def its_key_is_shown_all_the_same():
    window.find('list item', T('USB key plugged in'))
    window.press(T('Log in'), exact=False)
    window.find('text', T('PIN'))
    for box in consent('login'):
        window.tick(box)


@case
def the_fault_is_named():
    window.type_secret(T('PIN'), PIN)
    window.keys('Return')
    window.wait_text(T('The key medium is gone'), exact=False)


@case
def the_window_goes_on():
    window.press(T('Account'), role='page tab')
    window.find('text', T('User name'))
    window.press(T('Back'))
    window.find('list item', T('You are not logged in'))
    check_program(window, (PIN,))


finish(window, demo)
