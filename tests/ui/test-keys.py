#!/usr/bin/python3
"""The window of all keys: one with a certificate, one without, one that is locked; they come and go while it is open, and what is
asked for is done in the window behind."""

import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import UNIT  # noqa: E402
from stage import T, Window, active_window, until  # noqa: E402
from ukey import PIN, KeyDesk  # noqa: E402

TITLE = T('Keys and software tokens')
desk = KeyDesk()
made = desk.issue(0, stays_in=False)
desk.cards.insert(1)
desk.cards.initialise(1, 'Second key')
empty = desk.cards.show(1)['serial']
desk.cards.remove(1)
desk.log_out()
window = Window(desk.demo)


def describe(serial):
    return '%s · %s' % (T('USB key'), T('number ending in %s') % serial[-4:])


def count(role, name):
    return sum(node.get_role_name() == role and (node.get_name() or '').startswith(name) for node in window.walk())


def wait_gone(role, name):
    until('the end of “%s”' % name, lambda: not window.look(role, name, exact=False))


@case
def without_a_key_the_window_says_how_to_get_one():
    window.find('list item', T('No USB key is plugged in'))
    window.keys('F10')
    window.press(TITLE, role='menu item')
    window.find('frame', TITLE)
    window.wait_text(T('Plug in a USB key: it appears here by itself.'))


@case
def plugged_in_it_appears_with_pin_and_certificate():
    desk.cards.insert(0)
    window.wait_text(describe(made['token']), exact=False)
    window.find('list item', T('PIN'))
    window.wait_text(T('In order'))
    window.find('list item', UNIT['unit-name'])


@case
def one_without_a_certificate_stands_beside_it():
    desk.cards.insert(1)
    window.wait_text(describe(empty), exact=False)
    window.find('list item', T('No certificate yet'))
    window.wait_text('Second key')


@case
def it_goes_when_it_is_pulled_out_and_the_other_stays():
    desk.cards.remove(1)
    wait_gone('label', describe(empty))
    window.wait_text(describe(made['token']), exact=False)


@case
def its_pin_is_changed_from_here():
    window.find('push button', T('What can be done: %s') % describe(made['token']))
    window.press(T('Manage'))
    window.press(T('Change the PIN…'), role='menu item')
    until('the window', lambda: active_window() == T('Change the PIN'))
    window.keys('alt+F4')
    window.wait_gone('frame', T('Change the PIN'))
    window.find('frame', TITLE)


@case
def a_locked_one_is_told_and_can_be_unlocked():
    desk.cards.remove(0)
    wait_gone('label', describe(made['token']))
    desk.cards.ask('tries', 0, 'pin', 0)
    desk.cards.insert(0)
    window.wait_text(T('Locked'))
    window.find('push button', T('Unlock'), exact=False)
    desk.cards.remove(0)
    wait_gone('label', describe(made['token']))
    desk.cards.ask('tries', 0, 'pin', 3)
    desk.cards.insert(0)
    window.wait_text(T('In order'))


@case
def its_certificate_is_shown_in_the_window_behind():
    window.press('%s %s' % (T('Show'), UNIT['unit-name']), exact=False)
    window.wait_gone('frame', TITLE)
    window.wait_text(T('Serial number'))


@case
def the_program_is_whole():
    check_program(window, (PIN,))


finish(window, desk.demo, desk)
