#!/usr/bin/python3
"""Unlocking a USB key in the window: wrong PINs until it locks, what is said of it, the code to the handler, a PIN of one’s own, and
logging in by it. Without an account: whoever is locked out cannot log in first."""

import sys

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402
from cases import case, check_program, finish  # noqa: E402
from path import UNIT, consent  # noqa: E402
from stage import T, Window, has_state, until  # noqa: E402
from ukey import PIN, SO_PIN, WRONG_PIN, KeyDesk  # noqa: E402

NEW_PIN = '730518'
WHOSE = ('The certificate on the USB key: %s. Only its handler can have the USB key unlocked: the code goes to the mobile that was '
         'given for it.')

desk = KeyDesk()
made = desk.issue(0)
desk.hand_over(0, made['application'])
desk.log_out()
window = Window(desk.demo)
state = {}


def enter(pin):
    window.type_secret(T('PIN'), pin)
    window.keys('Return')


def count_codes():
    return sum('code' in row for row in desk.demo.call('sms?mobile=' + desk.terminal.mobile)['messages'])


def type_new(pin, again):
    window.type_secret(T('PIN'), pin)
    window.type_secret(T('The same again'), again)


def can_continue():
    """Buttons of a dialog say their name twice."""
    return has_state(window.find('push button', T('Continue'), exact=False), Atspi.StateType.SENSITIVE)


@case
def wrong_pins_lock_it_and_unlocking_is_offered():
    window.press(T('Log in'), exact=False)
    window.press(T('USB key'), role='page tab')
    window.find('check box', UNIT['unit-name'], exact=False)
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
    assert desk.cards.show(0)['pin-tries'] == 0, desk.cards.show(0)


@case
def whose_key_it_is_is_said_and_the_handler_asked_for():
    window.press(T('Unlock'))
    window.find('heading', T('Send a code to the handler'))
    window.wait_text(T(WHOSE) % UNIT['unit-name'])
    window.press(T('Next'))
    window.wait_text(T('This is still missing.'))


@case
def a_code_is_sent_to_the_handler():
    state['codes'] = count_codes()
    window.fill(T('Mobile number of the handler'), desk.terminal.mobile)
    window.press(T('Next'))
    window.find('heading', T('Enter the code'))
    until('the message', lambda: count_codes() > state['codes'])


@case
def a_wrong_code_opens_nothing():
    code = desk.demo.get_code(desk.terminal.mobile)
    window.type_secret(T('SMS code'), '%06d' % ((int(code) + 1) % 10 ** 6))
    window.press(T('Next'))
    window.wait_text(T('The code is wrong or too old'), exact=False)
    window.find('heading', T('Enter the code'))
    assert desk.cards.show(0)['pin-tries'] == 0, desk.cards.show(0)


@case
def a_pin_of_one_s_own_is_chosen_by_the_rules():
    window.type_secret(T('SMS code'), desk.demo.get_code(desk.terminal.mobile))
    window.press(T('Next'))
    window.wait_text(T('Choose a PIN'))
    type_new('123456', '123456')
    assert not can_continue(), 'a row of digits is taken'


@case
def then_the_key_is_unlocked():
    window.focus(T('PIN'))
    window.keys('ctrl+a')
    window.type(NEW_PIN)
    window.focus(T('The same again'))
    window.keys('ctrl+a')
    window.type(NEW_PIN)
    until('the button', can_continue)
    window.keys('Return')
    window.find('heading', T('The USB key is unlocked'))
    step = window.find('list item', T('Set a new PIN'))
    assert step.get_description() == T('Done'), step.get_description()
    card = desk.cards.show(0)
    assert (card['pin-tries'], card['so-tries']) == (3, 15), card
    desk.cards.tool('--login', '--pin', NEW_PIN, '--list-objects', '--type', 'privkey')


@case
def the_new_pin_logs_in():
    window.press(T('Home'))
    window.press(T('Log in'), exact=False)
    window.press(T('USB key'), role='page tab')
    window.find('check box', UNIT['unit-name'], exact=False)
    for box in consent('login'):
        window.tick(box)
    enter(NEW_PIN)
    window.wait_gone('list item', T('You are not logged in'))
    window.find('list item', T('USB key plugged in'))
    assert desk.cards.show(0)['pin-tries'] == 3, desk.cards.show(0)


@case
def the_program_is_whole():
    check_program(window, (PIN, WRONG_PIN, NEW_PIN, SO_PIN))


finish(window, desk.demo, desk)
