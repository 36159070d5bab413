#!/usr/bin/python3
"""An application takes another way, in the window, by names and roles: refused, corrected and handed in again without paying
again; withdrawn, and the money goes back."""

import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import P, PROFILE, Demo, T, Window, make_documents, ready, until  # noqa: E402
from terminal import DOCUMENTS, SELF_PAY, Terminal  # noqa: E402

home = pathlib.Path(os.environ['TEST_HOME'])
folder = home / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
application = terminal.begin(SELF_PAY, terminal.unit, DOCUMENTS, terminal.handler)
order = demo.get_order()
demo.pay(order['id'])
terminal.go_on(application)
licence = P(next(d for d in PROFILE['documents'] if d['id'] == 'licence')['name'])
demo.review(application, False, [{'field': 'licence', 'reason': 'review', 'remark': '缺少公章'},
                                 {'field': 'handler-email', 'reason': 'review', 'remark': '与授权书不一致'}])
window = Window(demo)


def save_receipt(name):
    """Presses what saves it, wherever it is offered, and reads what the program wrote."""
    window.press(T('Save the receipt…'), exact=False)
    proposed = window.save_file(T('Save the receipt'), home / name)
    assert application in proposed and proposed.endswith('.pdf'), proposed
    window.wait_text(T('Saved: %s') % name)
    assert (home / name).stat().st_mode & 0o077 == 0, 'others can read it'
    text = subprocess.run(['pdftotext', '-layout', home / name, '-'], check=True, capture_output=True, text=True).stdout
    assert application in text and terminal.unit['unit-name'] in text and terminal.mobile not in text, text


def get_state():
    return terminal.show(application)['state']


@case
def the_refusal_is_seen_where_the_program_begins():
    window.press(T('See why'), exact=False)
    window.find('heading', T('The review found mistakes'))
    # What the reviewer wrote, and what was filled in
    window.wait_text('缺少公章')
    window.wait_text('与授权书不一致')
    window.wait_text(T('You filled in: %s') % terminal.handler['handler-email'])
    assert not ready(window.find('push button', T('Submit again'))), 'what is not corrected can be handed in'


@case
def what_was_named_is_corrected():
    window.press('%s %s' % (T('Correct'), T('E-mail of the handler')))
    window.find('text', T('E-mail of the handler'))
    window.fill(T('E-mail of the handler'), 'li.si@example.com')
    window.press(T('Next'))
    window.press('%s %s' % (T('Upload again'), licence))
    window.press('%s %s' % (T('Choose…'), licence), exact=False)
    window.open_file(licence, folder / 'licence.png')
    window.wait_text(T('Uploaded · %s') % 'licence', exact=False)
    window.press(T('Next'))


@case
def it_is_handed_in_again_and_not_paid_again():
    window.find('heading', T('Everything is corrected'))
    window.press(T('Submit again'))
    window.find('heading', T('Handed in, waiting for review'))
    seen = terminal.show(application)
    assert seen['state'] == 'submitted' and seen['answers']['handler-email'] == 'li.si@example.com', seen
    assert seen['order'] == order['id'], seen
    assert not demo.call('orders')['items'], 'there is something to pay'
    assert len(terminal.list()) == 1, 'there is a second application'


@case
def the_receipt_is_saved_where_it_was_handed_in():
    save_receipt('receipt.pdf')
    window.press(T('Home'))
    window.find('list item', '%s: %s' % (T('New certificate'), T('In review')))
    window.wait_gone('heading', T('Handed in, waiting for review'))


@case
def a_withdrawal_is_asked_about():
    window.keys('ctrl+3')
    # Only who knows the order knows the amount
    window.wait_text(T('Electronic invoice'))
    window.press(T('%s…') % T('Withdraw'))
    window.wait_text(T('Withdraw this application?'), exact=False)
    window.wait_text(T('The %s that were paid go back the way they came, after the CA has looked at it. The application ends '
                       'and cannot be taken up again.') % T('%s yuan') % '300.00')
    # Whoever presses Enter at once has changed nothing
    until('the focus on “Cancel”', lambda: window.is_focused('push button', T('Cancel')))
    window.keys('Return')
    until('the end of the question', lambda: not window.look('push button', T('Cancel'), exact=False))
    assert get_state() == 'submitted'
    assert not demo.call('refunds')['items']


@case
def the_money_of_what_is_withdrawn_is_due_to_go_back():
    window.press(T('%s…') % T('Withdraw'))
    until('the focus on “Cancel”', lambda: window.is_focused('push button', T('Cancel')))
    # “Withdraw…” stands in the window behind
    window.keys('Tab')
    until('the focus on “Withdraw”', lambda: window.is_focused('push button', T('Withdraw')))
    window.keys('Return')
    window.wait_text(T('Withdrawn'))
    assert get_state() == 'withdrawn'
    refunds = demo.call('refunds')['items']
    assert [(r['order'], r['fen'], r['state']) for r in refunds] == [(order['id'], order['fen'], 'due')], refunds
    assert not demo.call('applications')['items'], 'it is still to be reviewed'


@case
def what_was_withdrawn_has_a_receipt_too():
    save_receipt('receipt-of-withdrawn.pdf')


@case
def the_program_is_well():
    check_program(window, SECRETS.values())


finish(window, demo)
