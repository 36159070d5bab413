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
    window.tick(T('I am sure that I remember the PIN'))
    window.press(T('Log in'))
    window.wait_gone('list item', T('You are not logged in'))
    assert desk.cards.show(0)['pin-tries'] == 3, desk.cards.show(0)


def pull_out():
    desk.cards.remove(0)
    window.wait_text(T('The USB key was unplugged'))


@case
def at_home_the_certificate_is_told():
    window.find('list item', T('USB key plugged in'))
    window.find('label', '%s · %s' % (UNIT['unit-name'], made['token']), exact=False)


@case
def pulled_out_in_the_middle_of_a_business_it_is_waited_for():
    window.press(T('Renew a certificate'))
    window.find('heading', T('Choose the certificate'))
    pull_out()
    desk.cards.insert(0)
    until('the end of the question', lambda: not window.look('label', T('The USB key was unplugged')))
    window.find('heading', T('Choose the certificate'))


@case
def who_does_not_wait_is_logged_out():
    pull_out()
    window.press(T('End and log out'), exact=False)
    window.find('list item', T('You are not logged in'))


@case
def plugged_in_again_only_the_pin_is_missing():
    desk.cards.insert(0)
    window.find('check box', UNIT['unit-name'], exact=False)
    window.find('text', T('PIN'))


@case
def the_third_wrong_pin_locks_and_unlocking_is_offered():
    for box in consent('login'):
        window.tick(box)
    enter(WRONG_PIN)
    window.wait_text(T('Only few tries are left'))
    window.wait_text(T('The PIN is not right.'), exact=False)
    enter(WRONG_PIN)
    window.wait_text(T('1 try is left'))
    enter(WRONG_PIN)
    until('the focus on the question', lambda: window.is_focused('check box', T('I am sure that I remember the PIN')))
    window.tick(T('I am sure that I remember the PIN'))
    window.press(T('Log in'))
    window.wait_text(T('The PIN is locked'), exact=False)
    window.find('push button', T('Unlock'))
    # Only what can be done is offered
    window.wait_gone('push button', T('Log in'))
    assert desk.cards.show(0)['pin-tries'] == 0, desk.cards.show(0)


@case
def the_program_is_whole():
    check_program(window, (PIN, WRONG_PIN))


finish(window, desk.demo, desk)
