#!/usr/bin/python3
"""The window and a phone: a certificate is put on the phone, lets the PC in, and what goes wrong is said. The phone is a real browser
that opens what a picture of the screen says; the window is driven by roles and names."""

import datetime
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
sys.path[:0] = [str(ROOT / 'tests' / 'ui')]
from browser import Browser  # noqa: E402
from cases import case, check_program, finish  # noqa: E402
from path import UNIT, consent  # noqa: E402
from stage import Demo, T, Window, make_documents, until  # noqa: E402
from terminal import DOCUMENTS, Terminal  # noqa: E402

PIN = '271828'
folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
demo = Demo()
phone = Browser(demo.trust)
terminal = Terminal(demo, folder)
terminal.register()
application = terminal.begin('ra-test-phone-key-account', terminal.unit, DOCUMENTS, terminal.handler)
demo.review(application)
window = Window(demo)


def read_screen():
    """What a phone's camera sees there: an address, once the code is drawn."""
    picture = folder / 'screen.png'
    subprocess.run(['import', '-window', 'root', picture], check=True)
    said = subprocess.run(['zbarimg', '--quiet', '--raw', picture], capture_output=True, text=True, check=False).stdout.strip()
    return said if said.startswith(demo.url + '/phone/#') else None


def scan(heading):
    """A code may change between the picture and the phone; then the next one is read."""
    def read():
        phone.scan(until('a code on the screen', read_screen))
        phone.until('document.querySelector("main form, .photo") || document.querySelector(".warn")')
        return phone.heading() == heading
    until('the phone at ' + heading, read)


def sign(done):
    phone.type('pin', PIN)
    phone.press('go')
    phone.await_heading(done)


def open_login():
    window.press(T('Log in'), exact=False)
    window.find('page tab', T('Phone'))
    window.press(T('Phone'), role='page tab')


@case
def the_page_says_what_to_do_on_the_phone():
    window.press(T('Install'), exact=False)
    window.find('heading', T('Install on the phone'))
    window.wait_text(T('Scan it with the camera of the phone and enter your PIN there'))
    window.wait_text(T('Valid for another %s, then replaced by itself').split('%s')[0], exact=False)
    window.find('push button', T('Do it later'))


@case
def without_the_line_it_is_said_and_goes_on_by_itself():
    demo.stop()
    window.wait_text(T('The server cannot be reached'))
    demo.start()
    window.wait_gone('label', T('The server cannot be reached'))
    window.wait_text(T('Scan it with the camera of the phone and enter your PIN there'))


@case
def refused_on_the_phone():
    scan('把证书安装到这部手机')
    window.wait_text(T('Go on on the phone'))
    phone.press('refuse')
    phone.await_heading('已拒绝')
    window.wait_text(T('It was refused on the phone'))
    window.press(T('Show a new code'))


@case
def a_certificate_is_put_on_the_phone():
    scan('把证书安装到这部手机')
    assert UNIT['unit-name'] in phone.text(), phone.text()
    phone.type('pin-new', PIN)
    phone.type('pin-again', PIN)
    phone.press('send-code')
    phone.until('document.querySelector(".sent")')
    phone.type('sms-code', demo.get_code(terminal.mobile))
    phone.press('go')
    phone.await_heading('证书已安装到这部手机')
    window.find('heading', T('The certificate is installed'))
    window.wait_text(UNIT['unit-name'])
    assert terminal.show(application)['state'] == 'done'
    window.press(T('Home'))
    window.wait_gone('heading', T('The certificate is installed'))


@case
def photographs_of_the_phone_get_into_the_form():
    window.close()
    begun = terminal.begin('ra-test-phone-key-account', terminal.unit)
    globals()['window'] = Window(demo)
    window.press(T('Continue'), exact=False)
    window.press(T('Photograph with the phone…'))
    window.wait_text(T('Photograph with the phone'))
    scan('拍摄申请材料')
    subprocess.run(['convert', '-size', '1600x1200', 'plasma:', folder / 'photo.jpg'], check=True)
    phone.give_file('photo-licence', folder / 'photo.jpg')
    phone.until('document.querySelectorAll(".photo .sent").length === 1')
    phone.press('go')
    phone.await_heading('照片已上传，请回到电脑继续')
    window.wait_text(T('Uploaded · %s') % '', exact=False)
    assert [row['id'] for row in terminal.show(begun)['documents']] == ['licence']
    window.press(T('Home'))
    window.wait_gone('heading', T('Upload the documents'))


@case
def a_code_is_shown_when_the_agreement_is_ticked():
    window.keys('F10')
    window.press(T('Log out'), role='menu item')
    window.wait_text(T('You are not logged in'))
    open_login()
    window.wait_text(T('Tick the agreement below, then a code stands here'))
    assert read_screen() is None
    for box in consent('login'):
        window.tick(box)
    window.wait_text(T('Scan it with the camera of the phone and enter your PIN there'))


@case
def a_code_nobody_scans_expires():
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    demo.call('clock', {'now': later.strftime('%Y-%m-%dT%H:%M:%SZ')})
    window.wait_text(T('The code has expired'))
    assert read_screen() is None
    window.press(T('Show a new code'))


@case
def the_phone_lets_the_pc_in():
    scan('允许电脑登录吗？')
    sign('已同意，请回到电脑继续')
    window.wait_gone('page tab', T('Phone'))
    window.wait_gone('label', T('You are not logged in'))
    # The session is the window's and the terminal's
    assert terminal.list('cert')[0]['application'] == application


@case
def the_program_is_well():
    check_program(window, (PIN,))


phone.close()
finish(window, demo)
