#!/usr/bin/python3
"""Remote download onto a USB key in the hand, with the CA as shipped: codes that do not serve, the certificate looked at, a PIN, the
key pulled out on the way, and gone on with. Nobody is logged in."""

import subprocess
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS, UNIT  # noqa: E402
from stage import PROFILE, PROGRAMS, T, Window  # noqa: E402
from terminal import DOCUMENTS, KEY_ENTERPRISE_PAY  # noqa: E402
from ukey import PIN, KeyDesk  # noqa: E402

desk = KeyDesk(change=None)
desk.cards.insert(0)
desk.cards.initialise(0, 'Kunde')
desk.cards.remove(0)
desk.cards.insert(1)
desk.cards.initialise(1, 'Nachbar')
desk.cards.remove(1)
terminal = desk.terminal


def apply():
    application = terminal.begin(KEY_ENTERPRISE_PAY, terminal.unit, DOCUMENTS, terminal.handler, {'delivery-way': 'hall'})
    desk.demo.review(application)
    return application


def be_support():
    terminal.run('account', 'login', '--staff', 'susi', '--password-file', desk.folder / 'password')


def tell_code(application):
    return terminal.run('staff', 'download-code', application)['code']


desk.demo.stop()
subprocess.run([PROGRAMS / 'certhalld', 'staff', 'add', '--dir', desk.demo.dir / 'ca', 'susi', '--role', 'support', '--password-file',
                desk.folder / 'password'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
desk.demo.start()
first, second = apply(), apply()
desk.log_out()
be_support()
older, code, late = tell_code(first), tell_code(first), tell_code(second)
window = Window(desk.demo)


def enter_code(text):
    window.focus(T('Download code'))
    window.keys('ctrl+a')
    window.type(text)
    window.press(T('Next'))


def enter_pin():
    window.wait_text(T('Enter the PIN of the USB key'))
    window.type_secret(T('PIN'), PIN)
    window.press(T('Continue'), exact=False)


@case
def codes_that_do_not_serve_are_told_apart():
    window.press(T('Remote download'))
    window.find('heading', T('Enter the download code'))
    enter_code('A2RKB2W8ITF8E4GED9J')
    window.wait_text(T('The download code is wrong'), exact=False)
    enter_code(older)
    window.wait_text(T('The download code is too old'), exact=False)


@case
def the_certificate_is_shown_before_anything_is_written():
    enter_code(code)
    window.find('heading', T('Check the certificate'))
    window.wait_text(UNIT['unit-name'])
    window.wait_text('CN=' + UNIT['unit-name'], exact=False)


@case
def without_a_key_it_says_what_to_plug_in():
    window.press(T('Download the certificate'))
    window.wait_text(T('No USB key is plugged in'), exact=False)


@case
def of_two_it_is_asked_which():
    for card in (0, 1):
        desk.cards.insert(card)
    window.press(T('Go on with the installation'))
    window.find('heading', T('Choose the USB key'))
    window.find('label', desk.cards.show(1)['serial'], exact=False)
    window.press(T('Next'))
    window.wait_text(T('This is still missing.'), exact=False)
    desk.cards.remove(1)
    window.find('label', '%s · %s' % (desk.cards.show(1)['serial'], T('It was pulled out: plug it in again')))
    desk.cards.insert(1)
    window.wait_gone('label', '%s · %s' % (desk.cards.show(1)['serial'], T('It was pulled out: plug it in again')))
    window.choose('Kunde')
    window.press(T('Next'))


@case
def pulled_out_while_the_pin_is_typed_nothing_is_lost():
    window.wait_text(T('Enter the PIN of the USB key'))
    desk.cards.remove(0)
    window.find('heading', T('The installation was interrupted'))
    assert desk.cards.show(0)['keys'] == 0, desk.cards.show(0)
    desk.cards.insert(0)


@case
def pulled_out_while_it_is_written_it_is_gone_on_with():
    desk.cards.ask('forget', 0)
    desk.cards.fault(0, remove='after', ins='46')
    window.press(T('Try again'))
    enter_pin()
    desk.cards.ask('wait', 0, 'gone')
    window.find('heading', T('The installation was interrupted'))
    desk.cards.heal(0)
    desk.cards.insert(0)


@case
def it_is_installed():
    window.press(T('Try again'))
    enter_pin()
    window.find('heading', T('The certificate is installed'))


@case
def it_is_shown_and_read_by_strangers():
    window.press(T('Home'))
    window.wait_gone('heading', T('The certificate is installed'))
    window.find('list item', T('USB key plugged in'))
    window.find('label', '%s · %s' % (UNIT['unit-name'], desk.cards.show(0)['serial']), exact=False)
    slot = '--slot', 4 * desk.cards.show(0)['reader']
    out = desk.cards.tool(*slot, '--list-objects', '--type', 'cert')
    assert UNIT['unit-name'] in out, out
    desk.cards.tool(*slot, '--login', '--pin', PIN, '--list-objects', '--type', 'privkey')
    assert desk.cards.show(1)['keys'] == 0, desk.cards.show(1)


@case
def a_code_serves_once_and_for_a_day():
    window.press(T('Remote download'))
    window.find('heading', T('Enter the download code'))
    enter_code(code)
    window.wait_text(T('The download code was used already'), exact=False)
    desk.demo.call('clock', {'advance': PROFILE['limits']['download-code'] + 1})
    enter_code(late)
    window.wait_text(T('The download code is too old'), exact=False)


@case
def the_program_is_whole():
    check_program(window, (PIN, SECRETS['password'], older, code, late))


finish(window, desk.demo, desk)
