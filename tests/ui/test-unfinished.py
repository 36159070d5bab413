#!/usr/bin/python3
"""The USB key was pulled out of another PC between the new certificate and the old key: plugged in here, home says that the renewal is
not finished, and one press and the PIN finish it."""

import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import UNIT  # noqa: E402
from stage import T, Window, until  # noqa: E402
from ukey import PIN, KeyDesk, sell_keys  # noqa: E402


def renew_at_once(profile):
    sell_keys(profile)
    profile['limits']['renew-days'] = 400
    profile['replacing'] = [{'business': 'renew', 'review': False, 'new-end': 'fresh', 'old': 'superseded'}]


desk = KeyDesk(cards=1, readers=1, change=renew_at_once)
made = desk.issue(0)
run = ['--answers', desk.terminal.write('term.json', '{"term": "one-year"}'), '--pin-file', desk.terminal.write('card-pin', PIN + '\n'),
       '--no-input']
desk.cards.remove(0)
application = desk.terminal.run('flow', 'run', 'renew.enterprise.ukey.enterprise-pay', '--certificate', made['certificate'], *run,
                                status=60)['application']
desk.cards.insert(0)
# The first command that deletes makes room for the new certificate, the second deletes the old one
desk.cards.fault(0, remove='before', ins='E4', at=2)
desk.terminal.run('flow', 'resume', application, *run, status=50)
desk.cards.heal(0)
assert desk.terminal.show(application)['state'] == 'done'
UNFINISHED = T('%s: not finished') % T('Renew a certificate')
window = Window(desk.demo)


def count_objects(kind):
    return desk.cards.tool('--login', '--pin', PIN, '--list-objects', '--type', kind).count('Object;')


@case
def without_the_key_nothing_is_due():
    window.find('list item', T('No USB key is plugged in'))
    assert not window.look('list item', UNFINISHED)


@case
def plugged_in_the_renewal_is_told_to_be_unfinished():
    desk.cards.insert(0)
    window.find('list item', UNFINISHED)
    window.wait_text(T('%s · the old key is still there') % UNIT['unit-name'])


@case
def one_press_and_the_pin_finish_it():
    window.press(T('Finish'), exact=False)
    window.type_secret(T('PIN'), PIN)
    window.keys('Return')
    window.find('heading', T('The certificate is installed'))
    window.press(T('Home'))
    window.wait_gone('list item', UNFINISHED)
    until('one key and one certificate', lambda: (count_objects('privkey'), count_objects('cert')) == (1, 1))


@case
def the_program_is_whole():
    check_program(window, (PIN,))


finish(window, desk.demo, desk)
