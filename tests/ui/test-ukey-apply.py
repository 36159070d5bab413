#!/usr/bin/python3
"""A new certificate on a USB key, with the CA as shipped: applied for in the window with its delivery, made by the staff on a blank
card, sent, and shown as soon as the key is plugged in."""

import subprocess
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS, UNIT, Path  # noqa: E402
from stage import PROGRAMS, T, Window, until  # noqa: E402
from terminal import KEY_ENTERPRISE_PAY  # noqa: E402
from ukey import KeyDesk  # noqa: E402

ADDRESS = '天津市空港经济区西七道26号'

desk = KeyDesk(cards=1, readers=1, change=None)
terminal = desk.terminal
desk.demo.stop()
subprocess.run([PROGRAMS / 'certhalld', 'staff', 'add', '--dir', desk.demo.dir / 'ca', 'max', '--role', 'maker', '--password-file',
                desk.folder / 'password'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
desk.demo.start()
desk.log_out()
path = None
made = {}


def open_window():
    global path
    window = Window(desk.demo)
    if path is None:
        path = Path(desk.demo, window, desk.folder)
    path.window = window
    return window


def be_staff():
    terminal.run('account', 'login', '--staff', 'max', '--password-file', desk.folder / 'password')


window = open_window()


@case
def the_project_says_that_the_ca_makes_the_key():
    path.register()
    path.log_in()
    path.choose(KEY_ENTERPRISE_PAY)
    path.fill_subject()
    path.upload()
    path.fill_handler()


@case
def it_is_asked_where_the_key_goes():
    path.fill_delivery(ADDRESS)
    made['application'] = path.submit()


@case
def the_applicant_waits_for_the_ca_to_make_it():
    desk.demo.review(made['application'])
    window.find('heading', T('Approved, the USB key is being made'))
    window.close()


@case
def the_staff_make_it_and_send_it():
    be_staff()
    desk.cards.insert(0)
    letter = desk.folder / 'letter.pdf'
    # OpenSC loses sight of a card it has just initialised now and then: the same command goes on, as it says
    for _ in range(4):
        done = terminal.run('staff', 'make', made['application'], '--out', letter, status=None)
        if done.get('step') != 'make-initialise':
            break
    assert done['state'] == 'done', done
    terminal.run('staff', 'send', made['application'], '顺丰速运', 'SF1234567890')
    terminal.run('account', 'logout', '--staff')
    desk.cards.remove(0)


@case
def the_applicant_finds_the_number_of_the_courier():
    global window
    window = open_window()
    window.find('list item', T('No USB key is plugged in'))
    window.keys('ctrl+3')
    window.find('label', T('Courier number'))
    window.find('label', 'SF1234567890')
    window.find('label', ADDRESS)


@case
def what_has_arrived_is_signed_for():
    window.press(T('I have received it…'))
    answer = T('I have received it')
    # The buttons of a dialog say their name twice
    window.press('%s %s' % (answer, answer))
    window.find('label', T('Received'))
    until('the CA to know', lambda: 'received' in [row['what'] for row in terminal.show(made['application'])['history']])
    assert not window.look('push button', T('I have received it…')), 'it is signed for once'
    window.keys('ctrl+1')


@case
def plugged_in_it_is_the_certificate():
    window.find('list item', T('No USB key is plugged in'))
    desk.cards.insert(0)
    window.find('list item', T('USB key plugged in'))
    window.find('label', '%s · %s' % (UNIT['unit-name'], desk.cards.show(0)['serial']), exact=False)


@case
def the_program_is_whole():
    check_program(window, SECRETS.values())


finish(window, desk.demo, desk)
