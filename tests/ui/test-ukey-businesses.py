#!/usr/bin/python3
"""All that can be done about a certificate on a USB key, in the window on cards: its data are changed, it is renewed and paid, its
handler changed while the key is in the drawer; then the key is lost and replaced by another one (6.1), and that is revoked."""

import os
import sys

sys.dont_write_bytecode = True
from businesses import Businesses  # noqa: E402
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS, term  # noqa: E402
from stage import T, Window, new_mobile, until  # noqa: E402
from ukey import PIN, KeyDesk, sell_keys  # noqa: E402

NEW_NAME = '天津市滨海数字认证更名单位'


def sell_and_renew(profile):
    """What is made is renewed at once, and its handler confirms twice within a minute."""
    sell_keys(profile)
    profile['limits'].update({'renew-days': 400, 'sms-again': 0})


desk = KeyDesk(change=sell_and_renew)
demo, cards, terminal = desk.demo, desk.cards, desk.terminal
first = desk.issue(0, project='ra-test')
cards.insert(1)
cards.initialise(1, 'Second key')
cards.remove(1)
state = {'valid': first['certificate'], 'mobile': terminal.mobile}
window = Window(demo)
hand = Businesses(window, demo, terminal, desk.folder)


def certificates():
    return {row['serial']: row for row in terminal.list('cert')}


def list_on_card():
    """The certificates whose keys are on the card that is plugged in."""
    token = next(row for row in terminal.list('token') if row['medium'] == 'ukey')
    return [key['certificate'] for key in terminal.run('token', 'show', token['serial'])['objects']]


def wait_for_pin():
    """OpenSC may need a moment to see what was plugged in: as it says, one tries again."""
    until('the question for the PIN', lambda: window.press_if_there(T('Try again')) or window.look('text', T('PIN')))


def enter_pin():
    window.type_secret(T('PIN'), PIN)
    window.keys('Return')


def took_its_place():
    """The new certificate is on the card, and the old one no longer holds."""
    window.find('heading', T('The certificate is installed'))
    rows, old = certificates(), state['valid']
    state['valid'], = (serial for serial, row in rows.items() if row['state'] == 'installed')
    assert rows[old]['state'] == 'revoked' and state['valid'] != old, rows
    assert list_on_card() == [state['valid']], list_on_card()
    hand.go_home('The certificate is installed')
    return rows[old], rows[state['valid']]


@case
def its_data_are_changed_on_the_card():
    hand.begin(terminal.unit['unit-name'], 'Change a certificate')
    hand.upload('licence', 'handler-id', 'bundle')
    window.find('heading', T('Change the certificate data'))
    window.fill(T('Name of the unit (in full)'), NEW_NAME)
    window.press(T('Next'))
    window.find('heading', T('Fill in the handler’s data'))
    window.press(T('Next'))
    # The new key is made before anything is handed in: cards that are full are found out
    enter_pin()
    window.find('push button', T('Submit'))
    demo.review(hand.submit())
    old, new = took_its_place()
    assert old['not-after'] == new['not-after'], (old, new)


@case
def without_its_key_it_is_not_paid_for():
    cards.remove(0)
    hand.begin(NEW_NAME, 'Renew a certificate')
    window.find('heading', T('Choose the validity'))
    window.choose(term('one-year'))
    window.press(T('Next'))
    window.wait_text(T('The certificate is not on this PC'), exact=False)
    cards.insert(0)
    wait_for_pin()


@case
def plugged_in_it_is_renewed_and_paid():
    enter_pin()
    window.find('push button', T('I have paid'))
    demo.pay(demo.get_order()['id'])
    old, new = took_its_place()
    assert old['not-after'] < new['not-after'], (old, new)


@case
def the_handler_is_changed_while_the_key_is_in_the_drawer():
    cards.remove(0)
    hand.begin(NEW_NAME, 'Change the handler')
    hand.upload('handler-id', 'handler-letter')
    window.find('heading', T('Change the handler’s data'))
    state['mobile'] = new_mobile()
    window.fill(T('Mobile number of the handler'), state['mobile'])
    window.press(T('Next'))
    demo.review(hand.submit())
    hand.go_home('The CA has agreed and done it')
    assert certificates()[state['valid']]['state'] == 'installed'


@case
def a_lost_key_is_told_of():
    hand.begin(NEW_NAME, 'Replace a lost key')
    window.find('heading', T('Say what happened'))
    hand.choose('What happened to the USB key', 'It is lost, or was stolen: somebody else may have it', 1)
    window.press(T('Next'))
    hand.upload('licence', 'handler-id', 'replacement-form')


@case
def a_wrong_code_is_said_beside_it_and_another_one_sent():
    window.find('heading', T('Confirm by SMS'))
    code = demo.get_code(state['mobile'])
    hand.type_code('000000' if code != '000000' else '111111')
    window.wait_text(T('The code is wrong or too old'), exact=False)
    assert not window.look('push button', T('Try again')), 'the same code is not tried again'
    before = hand.count_codes(state['mobile'])
    window.press(T('Send again'))
    until('another message', lambda: hand.count_codes(state['mobile']) > before)
    until('the focus where it is typed', lambda: window.is_focused('text', T('SMS code')))
    hand.type_code(demo.get_code(state['mobile']))


@case
def the_replacement_is_paid_and_the_old_certificate_on_hold():
    window.find('push button', T('I have paid'))
    order = demo.get_order()
    assert order['fen'] == 10000, order
    demo.pay(order['id'])
    window.find('push button', T('Submit'))
    assert certificates()[state['valid']]['state'] == 'installed'
    state['replacement'] = hand.submit()
    assert certificates()[state['valid']]['state'] == 'on-hold'


@case
def approved_it_is_put_on_another_key():
    cards.insert(1)
    demo.review(state['replacement'])
    wait_for_pin()
    enter_pin()
    old, new = took_its_place()
    assert old['not-after'] == new['not-after'], (old, new)


@case
def in_the_end_it_is_revoked():
    hand.begin(NEW_NAME, 'Revoke a certificate')
    window.find('heading', T('Say why'))
    hand.choose('Why it is to be revoked', 'The certificate is no longer needed', 2)
    window.press(T('Next'))
    hand.upload('licence', 'handler-id', 'revocation-form')
    window.find('heading', T('Confirm by SMS'))
    hand.type_code(demo.get_code(state['mobile']))
    application = hand.submit()
    assert certificates()[state['valid']]['state'] == 'on-hold'
    demo.review(application)
    window.find('heading', T('The CA has agreed and done it'))
    assert certificates()[state['valid']]['state'] == 'revoked'


@case
def the_program_is_well():
    check_program(window, (PIN, *SECRETS.values()))


finish(window, demo, desk)
