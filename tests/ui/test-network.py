#!/usr/bin/python3
"""The line is gone and comes back, in the middle of the form, of an upload and at the payment: the window says so and what to
do, goes on when it is back, and nothing is done twice. By names and roles; the CA is killed and started anew."""

import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import P, PROFILE, Demo, T, Window, make_documents, until  # noqa: E402
from terminal import DOCUMENTS, SELF_PAY, Terminal  # noqa: E402

GONE = 'No connection to the server'
TODO = 'What you filled in is kept on this PC. Go on when the network is back.'
NAME = 'Name of the unit (in full)'
folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
# Some pieces long: it breaks in the middle
subprocess.run(['convert', '-size', '1200x900', 'plasma:', '-seed', '1', folder / 'large.png'], check=True)
licence = P(next(d for d in PROFILE['documents'] if d['id'] == 'licence')['name'])
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
application = terminal.begin(SELF_PAY)
window = Window(demo)


def wait_told():
    """What happened, what to do, its id, and a button for it."""
    said = window.find('label', T(GONE), exact=False).get_name()
    assert T(TODO) in said and 'server-unreachable' in said, said
    window.find('push button', T('Try again'))


@case
def gone_in_the_form():
    window.press(T('Continue'), exact=False)
    window.find('text', T(NAME))
    window.fill(T(NAME), terminal.unit['unit-name'])
    window.fill(T('Unified social credit code'), terminal.unit['unit-code'])
    window.choose(T('One year'))
    window.pick('Province or municipality', '天津市')
    window.pick('City or district', '和平区')
    demo.stop()
    window.press(T('Next'))
    wait_told()
    assert window.read(T(NAME)) == terminal.unit['unit-name'], 'what was filled in is gone'


@case
def back_in_the_form():
    demo.start()
    window.press(T('Try again'))
    window.find('heading', T('Upload the documents'))
    answers = terminal.show(application)['answers']
    assert all(answers[field] == value for field, value in terminal.unit.items()), answers


@case
def gone_in_the_middle_of_an_upload():
    demo.freeze()
    window.press('%s %s' % (T('Choose…'), licence), exact=False)
    window.open_file(licence, folder / 'large.png')
    window.wait_text(T('Uploading %d %% · %s').split('%d')[0], exact=False)
    demo.stop()
    window.wait_text(T(GONE), exact=False)


@case
def back_to_the_upload():
    demo.start()
    window.press(T('Go on'), exact=False)
    window.wait_text(T('Uploaded · %s') % 'large', exact=False)


@case
def gone_at_the_payment():
    window.press(T('Home'))
    window.find('list item', '%s: %s' % (T('New certificate'), T('Not submitted')))
    terminal.go_on(application, {key: DOCUMENTS[key] for key in ('handler-id', 'bundle')}, terminal.handler)
    window.keys('F5')
    window.press_until('%s %s: %s' % (T('Pay'), T('New certificate'), T('To be paid')),
                       lambda: window.look('push button', T('I have paid')))
    demo.get_order()
    demo.stop()
    window.press(T('I have paid'))
    wait_told()


@case
def back_at_the_payment():
    demo.start()
    # The page asks by itself from time to time; who does not want to wait presses the button
    until('the line', lambda: not window.look('label', T(GONE), exact=False) or window.press_if_there(T('Try again')))
    demo.pay(demo.get_order()['id'])
    window.press(T('Submit'))
    window.find('heading', T('Handed in, waiting for review'))


@case
def nothing_was_done_twice():
    assert [a['id'] for a in terminal.list()] == [application]
    assert len(terminal.list('order')) == 1, terminal.list('order')
    assert not demo.call('orders')['items'], 'there is something to pay'
    assert not demo.call('refunds')['items'], 'something was paid twice'
    assert len(demo.call('applications')['items']) == 1


@case
def the_program_is_well():
    check_program(window, SECRETS.values())


finish(window, demo)
