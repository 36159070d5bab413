#!/usr/bin/python3
"""What can be done about a certificate of a software token, in the window, by keyboard, names and roles: its handler is changed, refused
once and corrected; its data are changed and the new one installed; in the end it is revoked, confirmed by a code."""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
from businesses import Businesses  # noqa: E402
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import P, PROFILE, Demo, T, Window, make_documents, new_mobile, until  # noqa: E402
from terminal import DOCUMENTS, SELF_PAY, Terminal  # noqa: E402

NEW_NAME = '天津市滨海数字认证更名单位'
folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
applied = terminal.begin(SELF_PAY, terminal.unit, DOCUMENTS, terminal.handler)
demo.pay(demo.get_order()['id'])
terminal.go_on(applied)
demo.review(applied)
terminal.go_on(applied, status=0)
first = terminal.list('cert')[0]['serial']
other_mobile = new_mobile()
state = {}
window = Window(demo)
hand = Businesses(window, demo, terminal, folder)


def certificates():
    return {row['serial']: row for row in terminal.list('cert')}


@case
def the_handler_is_changed_from_the_certificate():
    hand.begin(terminal.unit['unit-name'], 'Change the handler')
    hand.upload('handler-id', 'handler-letter')
    window.find('heading', T('Change the handler’s data'))
    # It begins with the handler of now, and must not stay so
    assert window.read(T('Mobile number of the handler')) == terminal.mobile
    window.press(T('Next'))
    window.wait_text(T('Nothing was changed'), exact=False)
    window.fill(T('Mobile number of the handler'), other_mobile)
    window.press(T('Next'))
    state['handler'] = hand.submit()


@case
def refused_it_is_corrected():
    demo.review(state['handler'], False, [{'field': 'handler-mobile', 'reason': 'review', 'remark': '与授权书不一致'}])
    window.find('heading', T('The review found mistakes'))
    window.wait_text('与授权书不一致')
    window.press('%s %s' % (T('Correct'), T('Mobile number of the handler')))
    state['mobile'] = new_mobile()
    window.find('text', T('Mobile number of the handler'))
    window.fill(T('Mobile number of the handler'), state['mobile'])
    window.press(T('Next'))
    window.find('heading', T('Everything is corrected'))
    window.press(T('Submit again'))
    window.find('heading', T('Handed in, waiting for review'))
    demo.review(state['handler'])
    window.find('heading', T('The CA has agreed and done it'))
    assert certificates()[first]['state'] == 'installed'
    assert terminal.show(state['handler'])['answers']['handler-mobile'] == state['mobile']
    hand.go_home('The CA has agreed and done it')


@case
def the_data_are_changed_and_the_difference_is_shown():
    hand.begin(terminal.unit['unit-name'], 'Change a certificate')
    hand.upload('licence', 'handler-id', 'bundle')
    window.find('heading', T('Change the certificate data'))
    assert window.read(T('Name of the unit (in full)')) == terminal.unit['unit-name']
    window.fill(T('Name of the unit (in full)'), NEW_NAME)
    window.press(T('Next'))
    # The handler is the one of now
    window.find('heading', T('Fill in the handler’s data'))
    assert window.read(T('Mobile number of the handler')) == state['mobile']
    window.press(T('Next'))
    window.find('push button', T('Submit'))
    window.find('label', '%s → %s' % (terminal.unit['unit-name'], NEW_NAME))
    notice = next(row['notice'] for row in PROFILE['replacing'] if row['business'] == 'change')
    until('the word about seals', lambda: any(P(notice) in (node.get_name() or '') for node in window.walk()))
    state['change'] = hand.submit()
    assert certificates()[first]['state'] == 'installed'


@case
def the_new_one_takes_the_place_of_the_old_one():
    demo.review(state['change'])
    window.type_secret(T('PIN or passphrase'), SECRETS['passphrase'])
    window.keys('Return')
    window.find('heading', T('The certificate is installed'))
    rows = certificates()
    state['renamed'] = next(serial for serial in rows if serial != first)
    assert rows[first]['state'] == 'revoked' and rows[state['renamed']]['state'] == 'installed', rows
    assert rows[first]['not-after'] == rows[state['renamed']]['not-after'], rows
    hand.go_home('The certificate is installed')


@case
def a_revocation_wants_a_reason():
    hand.begin(NEW_NAME, 'Revoke a certificate')
    window.find('heading', T('Say why'))
    window.press(T('Next'))
    window.wait_text(T('This is still missing.'), exact=False)
    hand.choose('Why it is to be revoked', 'The certificate is no longer needed', 2)
    window.press(T('Next'))
    hand.upload('licence', 'handler-id', 'revocation-form')


@case
def it_is_confirmed_by_a_code_to_the_handler():
    window.find('heading', T('Confirm by SMS'))
    code = demo.get_code(state['mobile'])
    window.type_secret(T('SMS code'), '000000' if code != '000000' else '111111')
    window.press(T('Next'))
    window.wait_text(T('The code is wrong or too old'), exact=False)
    assert certificates()[state['renamed']]['state'] == 'installed'
    window.focus(T('SMS code'))
    window.keys('ctrl+a')
    window.type(code)
    window.press(T('Next'))
    window.find('push button', T('Submit'))
    said = T('As soon as you submit it the certificate is on hold: nobody trusts it any more. If the CA agrees, it is revoked for ever; if '
             'it does not, or you withdraw, it is valid again.')
    until('what follows', lambda: any(said in (node.get_name() or '') for node in window.walk()))
    state['revoke'] = hand.submit()
    assert certificates()[state['renamed']]['state'] == 'on-hold'


@case
def approved_it_is_revoked_for_ever():
    demo.review(state['revoke'])
    window.find('heading', T('The CA has agreed and done it'))
    assert certificates()[state['renamed']]['state'] == 'revoked'
    hand.go_home('The CA has agreed and done it')
    window.keys('ctrl+2')
    window.wait_text(T('Revoked'))
    until('nothing to be done about it', lambda: not window.look('push button', T('Change or end')))


@case
def the_program_is_well():
    check_program(window, SECRETS.values())


finish(window, demo)
