#!/usr/bin/python3
"""USB keys in the window, without an account: seen without a click, told apart, verified, given another PIN, gone when pulled out."""

import sys

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402
from cases import case, check_program, finish  # noqa: E402
from path import UNIT  # noqa: E402
from stage import T, Window, active_window, has_state, until  # noqa: E402
from ukey import PIN, WRONG_PIN, KeyDesk  # noqa: E402

NEW_PIN = '730518'

desk = KeyDesk()
made = desk.issue(0, stays_in=False)
desk.cards.insert(1)
desk.cards.initialise(1)
desk.cards.remove(1)
desk.log_out()
window = Window(desk.demo)
window.find('list item', T('You are not logged in'))


def find_text(beginning):
    return window.find('label', beginning, exact=False)


@case
def what_is_plugged_in_is_shown_without_a_click():
    window.find('list item', T('No USB key is plugged in'))
    desk.cards.insert(0)
    window.find('list item', T('USB key plugged in'))
    find_text('%s · %s' % (UNIT['unit-name'], made['token']))
    window.wait_gone('list item', T('No USB key is plugged in'))


@case
def two_of_one_name_are_told_apart_by_their_numbers():
    desk.cards.insert(1)
    other = desk.cards.show(1)['serial']
    assert other != made['token']
    find_text('Certhall · %s' % other)
    find_text('%s · %s' % (UNIT['unit-name'], made['token']))
    desk.cards.remove(1)
    until('the end of the second', lambda: not window.look('label', 'Certhall · %s' % other, exact=False))


@case
def possession_is_proved_by_its_pin():
    prove = T('Prove possession')
    window.press(T('Verify a certificate'))
    until('the window', lambda: active_window() == T('Verify certificates'))
    window.press(T('Verify the certificate of %s') % UNIT['unit-name'], exact=False)
    window.press(prove, exact=False)
    window.wait_text(T('Enter the PIN of the USB key'))
    window.type_secret(T('PIN'), WRONG_PIN)
    window.press(T('Continue'), exact=False)
    window.wait_text(T('The PIN is not right'))
    window.wait_text(T('Only few tries are left'))
    window.type_secret(T('PIN'), PIN)
    window.press(T('Continue'), exact=False)
    find_text('Its key is on “')
    window.keys('alt+F4')
    until('the end of the window', lambda: active_window() == T('Certhall'))


@case
def another_pin_is_chosen_by_the_rules():
    window.press(T('Show'), exact=False)
    window.press(T('USB key'))
    window.press(T('Change the PIN…'), role='menu item')
    until('the window', lambda: active_window() == T('Change the PIN'))
    window.type_secret(T('Old PIN'), PIN)
    window.type_secret(T('New PIN'), '123456')
    window.type_secret(T('New PIN again'), '123456')
    window.keys('Return')
    window.wait_text(T('The new PIN does not fit yet: see what it must be.'))
    until('the focus on the new PIN', lambda: has_state(window.look('text', T('New PIN')), Atspi.StateType.FOCUSED))
    window.keys('ctrl+a')
    window.type(NEW_PIN)
    window.focus(T('New PIN again'))
    window.keys('ctrl+a')
    window.type(NEW_PIN)
    window.keys('Return')
    find_text(T('The PIN is changed. From now on the new one opens the key.'))
    window.keys('Return')
    until('the end of the window', lambda: active_window() == T('Certhall'))
    desk.cards.tool('--login', '--pin', NEW_PIN, '--list-objects', '--type', 'privkey')
    window.keys('ctrl+1')


@case
def what_is_pulled_out_goes():
    desk.cards.remove(0)
    window.wait_gone('list item', T('USB key plugged in'))
    window.find('list item', T('No USB key is plugged in'))


@case
def the_program_is_whole():
    check_program(window, (PIN, WRONG_PIN, NEW_PIN))


finish(window, desk.demo, desk)
