#!/usr/bin/python3
"""USB keys in the window: seen without a click, gone when they are pulled out, and what is on them."""

import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import UNIT  # noqa: E402
from stage import T, Window  # noqa: E402
from ukey import KeyDesk  # noqa: E402

desk = KeyDesk()
made = desk.issue(0, stays_in=False)
desk.log_out()
window = Window(desk.demo)
window.find('list item', T('You are not logged in'))


@case
def what_is_plugged_in_is_shown_without_a_click():
    assert not window.look('list item', T('USB key'))
    desk.cards.insert(0)
    window.find('list item', T('USB key'))


@case
def what_is_pulled_out_goes():
    desk.cards.remove(0)
    window.wait_gone('list item', T('USB key'))


@case
def the_program_is_whole():
    check_program(window)


finish(window, desk.demo, desk)
