#!/usr/bin/python3
"""Logging in by USB key in the window: what is said before the PIN is typed, a wrong one, the last try, a locked one."""

import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import UNIT, consent  # noqa: E402
from stage import T, Window, until  # noqa: E402
from ukey import PIN, WRONG_PIN, KeyDesk  # noqa: E402

desk = KeyDesk()
made = desk.issue(0, stays_in=False)
desk.log_out()
window = Window(desk.demo)


def open_login():
    window.press(T('Log in'), exact=False)
    window.find('page tab', T('USB key'))


def enter(pin):
    window.type_secret(T('PIN'), pin)
    window.keys('Return')


@case
def without_a_key_the_page_says_what_to_do():
    open_login()
    window.press(T('USB key'), role='page tab')
    window.find('list item', T('No USB key is plugged in'))


@case
def plugged_in_it_is_there_to_be_chosen():
    desk.cards.insert(0)
    window.find('check box', UNIT['unit-name'], exact=False)
    window.wait_gone('list item', T('No USB key is plugged in'))
    for box in consent('login'):
        window.tick(box)


@case
def a_wrong_pin_is_told_and_costs_one_try():
    enter(WRONG_PIN)
    window.wait_text(T('The PIN is not right.'), exact=False)
    window.wait_text(T('Only few tries are left'))
    assert desk.cards.show(0)['pin-tries'] == 2, desk.cards.show(0)


@case
def the_last_try_is_made_by_nobody_who_is_not_sure():
    enter(WRONG_PIN)
    window.wait_text(T('1 try is left'))
    enter(PIN)
    until('the focus on the question', lambda: window.is_focused('check box', T('I am sure that I remember the PIN')))
    assert desk.cards.show(0)['pin-tries'] == 1, desk.cards.show(0)


@case
def who_is_sure_gets_in():
    window.keys('space')
    window.press(T('Log in'))
    window.wait_gone('list item', T('You are not logged in'))
    assert desk.cards.show(0)['pin-tries'] == 3, desk.cards.show(0)


@case
def the_program_is_whole():
    check_program(window, (PIN, WRONG_PIN))


finish(window, desk.demo, desk)
