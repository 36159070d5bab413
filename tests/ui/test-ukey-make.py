#!/usr/bin/python3
"""The staff make USB keys in their own window, logged in by a key of their own: choose an application, plug in a blank key, print or save
the letter with its first PIN, say where it lies ready, and go on with the next. And what goes wrong meanwhile: no blank key, the key
pulled out in the middle, the server gone, a colleague faster, the own key unplugged, one of the staff who may not make any."""

import json
import os
import pathlib
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from cases import case, check_program, finish  # noqa: E402
from path import UNIT  # noqa: E402
from stage import BUILD, PROGRAMS, ROOT, T, Window, active_window, until  # noqa: E402
from terminal import DOCUMENTS, ENTERPRISE_PAY  # noqa: E402
from ukey import PIN, CardWorld, KeyDesk  # noqa: E402

PASSWORD = 'Secret-of-the-staff-43'
CONFIRM = T('Make the USB key')
LIST = T('Keys to be made')
# Commands of the card; and one that is answered when the test says so
MAKE_KEY, SIGN = '46', '68'
HELD = 600000
UNITS = ['天津市滨海测试%s公司' % name for name in ('甲', '乙', '丙', '丁')]
# As the list has them: those of the same second are in any order
order = []
HOME = pathlib.Path(os.environ['TEST_HOME'])


def query(sql, *values):
    """What is in the store of the CA."""
    with sqlite3.connect('file:%s?mode=ro' % (desk.demo.dir / 'ca' / 'certhall.db'), uri=True) as store:
        return store.execute(sql, values).fetchall()


def set_up_staff(own):
    """From now on the CA makes its keys itself: max with a key of his own, moritz and the auditor by password."""
    der = desk.folder / 'max.der'
    der.write_bytes(query('SELECT der FROM certificate WHERE serial = ?', own)[0][0])
    subprocess.run(['openssl', 'x509', '-inform', 'DER', '-in', der, '-out', desk.folder / 'max.pem'], check=True)
    password = desk.terminal.write('staff-password', PASSWORD + '\n')
    desk.demo.stop()
    ca = desk.demo.dir / 'ca'
    profile = json.loads((ca / 'profile.json').read_text(encoding='utf-8'))
    profile['made-here'] = ['ukey']
    (ca / 'profile.json').write_text(json.dumps(profile, ensure_ascii=False), encoding='utf-8')
    for words in (['max', '--role', 'maker', '--certificate', desk.folder / 'max.pem'],
                  ['moritz', '--role', 'maker', '--password-file', password],
                  ['anna', '--role', 'auditor', '--password-file', password]):
        subprocess.run([PROGRAMS / 'certhalld', 'staff', 'add', '--dir', ca, *words], check=True, stdout=subprocess.DEVNULL, env=dict(
            os.environ, CERTHALL_DATA_DIR=str(ROOT / 'data'), CERTHALL_LOCALE_DIR=str(BUILD / 'po')))
    desk.demo.start()


def apply(name):
    """An approved application, to be collected in a hall."""
    terminal = desk.terminal
    given = dict(terminal.unit, **DOCUMENTS, **terminal.handler, project=ENTERPRISE_PAY)
    given.update({'delivery-way': 'hall', 'unit-name': name})
    made = terminal.run('flow', 'run', 'apply.enterprise.ukey.enterprise-pay', '--answers',
                        terminal.write('answers.json', json.dumps(given)), '--no-input', status=75)
    desk.demo.review(made['application'])
    return made['application']


desk = KeyDesk()
own = desk.issue(1)
set_up_staff(own['certificate'])
applications = {name: apply(name) for name in UNITS}
desk.log_out()
# It was made before the CA made keys itself, and is with max
desk.terminal.run('account', 'login', '--staff', 'moritz', '--password-file', desk.folder / 'staff-password')
desk.terminal.run('staff', 'ready', own['application'], '滨海服务大厅')
desk.log_out()
window = Window(desk.demo, '--make')


def list_rows():
    return [node.get_name() for node in window.walk() if node.get_role_name() == 'list item' and node.get_name() in UNITS]


def wait_focus(role, name):
    until('the focus on “%s”' % name, lambda: window.is_focused(role, name))


def log_in_by_password(name):
    window.find('text', T('Name at the CA'))
    window.fill(T('Name at the CA'), name)
    window.focus(T('Password'), role='page tab')
    window.keys('space')
    window.type_secret(T('Password'), PASSWORD)
    window.press(T('Log in'))


def log_in_by_key():
    window.fill(T('Name at the CA'), 'max')
    window.focus(T('USB key'), role='page tab')
    window.keys('space')
    window.type_secret(T('PIN'), PIN)
    window.keys('Return')


def wait_login():
    """Tab goes round the page in front only; hidden ones are on the bus too."""
    window.focus(T('Password'), role='page tab')


def log_out():
    window.press(T('Log out'))
    wait_login()


def check_letter(path, name):
    """It is the letter, and nobody else on this PC can read it."""
    text = subprocess.run(['pdftotext', path, '-'], check=True, capture_output=True, text=True).stdout
    assert name in text.replace('\n', ''), text
    assert path.stat().st_mode & 0o077 == 0, oct(path.stat().st_mode)
    return text


def go_on():
    """A key that was just plugged in is seen a moment later."""
    def look():
        window.press_if_there(T('Go on with the installation'))
        return window.look('push button', T('Print the letter…'))
    until('the letter', look)


@case
def who_may_make_none_is_told_so():
    log_in_by_password('anna')
    window.wait_text(T('This is not allowed here'), exact=False)
    log_out()


@case
def by_a_key_of_their_own_the_staff_see_who_waits_longest_first():
    window.find('list item', UNIT['unit-name'], exact=False)
    log_in_by_key()
    until('the list', lambda: len(list_rows()) == len(UNITS))
    order.extend(list_rows())
    wait_focus('list item', order[0])


@case
def one_press_of_enter_away_it_is_said_what_will_be_made():
    window.keys('Return')
    wait_focus('push button', CONFIRM)
    window.wait_text(T('Plug in a blank USB key. Everything on it is erased, and the certificate is written to it.'))
    window.wait_text(order[0])


@case
def the_own_key_is_not_taken_for_a_blank_one():
    window.keys('Return')
    window.wait_text(T('No blank USB key is plugged in'), exact=False)
    assert desk.cards.show(1)['keys'] == 1


@case
def pulled_out_in_the_middle_it_is_gone_on_with():
    desk.cards.fault(0, ins=SIGN, at=1, remove='before')
    desk.cards.insert(0)
    window.press(T('Try again'))
    desk.cards.ask('wait', 0, 'gone')
    window.find('label', T('The key medium is gone'), exact=False)
    desk.cards.heal(0)
    desk.cards.insert(0)
    go_on()
    assert query('SELECT state FROM certificate WHERE application = ?', applications[order[0]]) == [('installed',)]


@case
def the_letter_is_not_left_by_mistake():
    window.press(T('Home'))
    window.wait_text(T('The letter was not printed'))
    window.press(T('Back'), exact=False)
    window.wait_gone('label', T('The letter was not printed'))


def print_to_file():
    """By the one printer there is everywhere; the list of them has the focus when the dialog comes."""
    if active_window() != T('Print the letter'):
        return True
    window.keys('Down')
    window.keys('alt+p')
    return False


@case
def the_letter_is_printed():
    window.keys('ctrl+p')
    until('the choice of a printer', lambda: active_window() == T('Print the letter'))
    until('the end of the dialog', print_to_file)
    window.wait_text(T('The letter was sent to the printer. Look whether it came out before you go on.'))
    facts = until('the letter', lambda: [path for path in HOME.rglob('*.pdf') if path.stat().st_size > 0])
    check_letter(facts[0], order[0])


@case
def the_letter_is_saved_for_nobody_else():
    letter = HOME / 'saved.pdf'
    window.press(T('Save the letter…'))
    window.save_file(T('Save the letter'), letter)
    window.wait_text(T('Saved. Print it, then delete the file: the PIN is in it.'))
    check_letter(letter, order[0])


@case
def while_the_server_is_away_nothing_is_lost():
    window.fill(T('%s (optional)') % T('Hall where it lies ready'), '滨海服务大厅')
    desk.demo.stop()
    window.press(T('Next'))
    window.wait_text(T('No connection to the server'), exact=False)
    assert window.look('push button', T('Save the letter…'))
    desk.demo.start()
    window.press(T('Try again'))
    wait_focus('push button', T('Next key'))


@case
def the_next_one_is_two_key_presses_away():
    desk.cards.remove(0)
    window.keys('Return')
    wait_focus('list item', order[1])
    assert list_rows() == order[1:]
    window.keys('Return')
    wait_focus('push button', CONFIRM)
    window.wait_text(order[1])


@case
def a_key_that_is_not_blank_is_wiped_only_by_its_number():
    desk.cards.insert(0)
    window.press(CONFIRM)
    window.wait_text(T('No blank USB key is plugged in'), exact=False)
    assert desk.cards.show(0)['keys'] == 1
    desk.cards.remove(0)
    window.press(T('Otherwise…'))
    window.find('text', T('%s (optional)') % T('Serial number of the USB key'))
    assert window.read(T('Application number')) == applications[order[1]]
    window.press(T('Home'))
    wait_focus('list item', order[1])


@case
def a_colleague_who_was_faster_is_named():
    here = os.environ['PCSCLITE_CSOCK_NAME']
    # Another room, another reader, a blank key of another serial number
    there = CardWorld(cards=3, readers=1)
    try:
        there.insert(2, 0)
        desk.cards.ask('blank', 0)
        desk.cards.fault(0, ins=MAKE_KEY, delay=HELD)
        desk.cards.insert(0)
        window.keys('Return')
        wait_focus('push button', CONFIRM)
        window.keys('Return')
        until('the key in the making', lambda: query('SELECT 1 FROM escrow WHERE making = ?', applications[order[1]]))
        terminal = desk.terminal
        terminal.run('account', 'login', '--staff', 'moritz', '--password-file', desk.folder / 'staff-password')
        terminal.run('staff', 'make', applications[order[1]], '--out', desk.folder / 'letter.pdf')
        desk.cards.heal(0)
    finally:
        there.close()
        os.environ['PCSCLITE_CSOCK_NAME'] = here
    window.wait_text(T('Somebody else has begun to make this USB key'), exact=False)
    window.press(T('Home'))
    wait_focus('list item', order[1])
    window.wait_text(T('%1$s · %2$s · made on %3$s, not sent yet').split(' · ')[0].replace('%1$s', applications[order[1]]), exact=False)
    assert query('SELECT state FROM certificate WHERE application = ?', applications[order[1]]) == [('installed',)]


@case
def the_own_key_unplugged_ends_it_when_this_one_is_finished():
    desk.cards.remove(0)
    desk.cards.ask('blank', 0)
    desk.cards.insert(0)
    window.focus(order[2], role='list item')
    window.keys('Return')
    wait_focus('push button', CONFIRM)
    window.keys('Return')
    window.find('push button', T('Save the letter…'))
    desk.cards.remove(1)
    window.press(T('Next'))
    wait_focus('push button', T('Next key'))
    window.keys('Return')
    window.press(T('Leave without it'), exact=False)
    wait_login()


@case
def by_sms_there_is_no_letter():
    desk.cards.remove(0)
    desk.cards.ask('blank', 0)
    desk.cards.insert(0)
    log_in_by_password('moritz')
    window.find('list item', order[3])
    window.choose_in_list(T('How the first PIN travels'), T('By SMS to the handler'), 1)
    window.focus(order[3], role='list item')
    window.keys('Return')
    wait_focus('push button', CONFIRM)
    window.keys('Return')
    window.find('text', T('%s (optional)') % T('Hall where it lies ready'))
    assert query('SELECT state FROM certificate WHERE application = ?', applications[order[3]]) == [('installed',)]
    assert not window.look('push button', T('Save the letter…'))
    window.press(T('Next'))
    wait_focus('push button', T('Next key'))
    window.keys('Return')
    window.find('list item', order[3])
    log_out()


@case
def the_program_is_whole():
    check_program(window, (PASSWORD, PIN))


finish(window, desk.demo, desk)
