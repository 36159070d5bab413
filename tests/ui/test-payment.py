#!/usr/bin/python3
"""A payment code gets too old in front of the user, in the window by names and roles: another one comes, what was paid with the
old one counts, and nothing can be paid twice."""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import PROFILE, Demo, T, Window, make_documents, until  # noqa: E402
from terminal import DOCUMENTS, SELF_PAY, Terminal  # noqa: E402

LINK = {'wechat': 'weixin://wxpay/bizpayurl?pr=', 'alipay': 'https://qr.alipay.com/'}
folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
application = terminal.begin(SELF_PAY, terminal.unit, DOCUMENTS, terminal.handler)
window = Window(demo)
attempts = []


def get_attempt():
    return demo.get_order()['attempt']


def read_link(channel='wechat'):
    """The code as who cannot scan it reads it."""
    node = window.look('label', LINK[channel], exact=False)
    return node and node.get_name()


def wait_code(channel='wechat'):
    """Until the code shown is the one that can be paid, and none of before."""
    def look():
        attempt = get_attempt()
        return attempt['code'] == read_link(channel) and attempt['code'] not in [a['code'] for a in attempts] and attempt

    attempts.append(until('a code that can be paid', look))


@case
def a_code_is_shown():
    window.press(T('Pay'), exact=False)
    window.find('push button', T('I have paid'))
    window.find('image', T('QR code of %s, %s') % (T('WeChat Pay'), T('%s yuan') % '300.00'))
    window.focus(T('Details of the order'), role='list item')
    window.keys('Return')
    wait_code()
    window.wait_text(T('Valid for another %s, then replaced by itself').split('%s')[0], exact=False)


@case
def too_old_it_is_replaced_by_itself():
    # Not so long that nobody is logged in any more
    demo.call('clock', {'advance': PROFILE['limits']['pay-code'] - 30})
    terminal.list()
    demo.call('clock', {'advance': 60})
    wait_code()
    assert len(attempts) == 2
    assert not demo.call('refunds')['items']


@case
def the_other_way_to_pay_is_chosen_by_keyboard():
    window.focus(T('Alipay'), role='push button')
    window.keys('space')
    wait_code('alipay')
    window.find('image', T('QR code of %s, %s') % (T('Alipay'), T('%s yuan') % '300.00'))


@case
def paid_at_the_last_moment_it_counts():
    """Paid with a code that is too old by now: no other one is made, and it goes on."""
    order = demo.get_order()['id']
    demo.pay(order)
    demo.call('clock', {'advance': 60})
    window.find('push button', T('Submit'))
    # Nothing can be paid a second time, and there is nothing to go back
    assert not demo.call('orders')['items'], demo.call('orders')
    assert not demo.call('refunds')['items'], demo.call('refunds')
    assert [(o['id'], o['state']) for o in terminal.list('order')] == [(order, 'paid')], terminal.list('order')


@case
def it_is_handed_in_once():
    window.press(T('Submit'))
    window.find('heading', T('Handed in, waiting for review'))
    assert [a['id'] for a in demo.call('applications')['items']] == [application]


@case
def the_program_is_well():
    check_program(window, SECRETS.values())


finish(window, demo)
