"""The pages on which a USB key is used, for the contact sheet: logging in by it, its PIN wrong, the last try, locked, unlocked; the
window of all keys, one of two chosen, a remote download, and looking an application up."""

import os
import subprocess
import time

from camera import SIZES, STYLES, Camera, run

# In the order of the contact sheet; the PIN of the download is a dialog of its own size
KEY_PAGES = ('key-login', 'key-wrong', 'key-last-try', 'key-locked', 'unlock-mobile', 'unlock-code', 'unlock-pin', 'unlock-done',
             'keys', 'key-home', 'download-code', 'download-check', 'choose-key', 'download-pin', 'download-done', 'lookup')
NEW_PIN = '730518'


def make_download(desk):
    """The code of an application for a key, told by support; nobody is logged in afterwards."""
    from stage import PROGRAMS
    from terminal import DOCUMENTS, KEY_ENTERPRISE_PAY

    terminal = desk.terminal
    desk.demo.stop()
    subprocess.run([PROGRAMS / 'certhalld', 'staff', 'add', '--dir', desk.demo.dir / 'ca', 'susi', '--role', 'support', '--password-file',
                    desk.folder / 'password'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    desk.demo.start()
    application = terminal.begin(KEY_ENTERPRISE_PAY, terminal.unit, DOCUMENTS, terminal.handler)
    desk.demo.review(application)
    desk.log_out()
    terminal.run('account', 'login', '--staff', 'susi', '--password-file', desk.folder / 'password')
    return terminal.run('staff', 'download-code', application)['code']


def walk_keys(folder, language):
    """Inside a display of its own."""
    from path import UNIT, consent
    from stage import T, Window, active_window, until
    from terminal import KEY_ENTERPRISE_PAY
    from ukey import PIN, WRONG_PIN, KeyDesk

    os.environ['GSETTINGS_BACKEND'] = 'keyfile'
    camera = Camera(folder, language)
    # The shipped CA, but for who makes the keys: here the person has them in hand
    desk = KeyDesk(change=lambda profile: profile.update({'made-here': []}))
    made = desk.issue(0, project=KEY_ENTERPRISE_PAY)
    desk.hand_over(0, made['application'])
    desk.cards.insert(1)
    desk.cards.initialise(1, 'Blank key')
    desk.cards.remove(1)
    code = make_download(desk)
    window = Window(desk.demo, environment={'ADW_DISABLE_PORTAL': '1'})

    def at(page):
        time.sleep(0.5)
        print(language, page, flush=True)
        camera.take_all(page)

    def log_in(pin):
        window.type_secret(T('PIN'), pin)
        window.keys('Return')

    def open_login():
        window.press(T('Log in'), exact=False)
        window.press(T('USB key'), role='page tab')
        window.find('check box', UNIT['unit-name'], exact=False)
        for box in consent('login'):
            window.tick(box)

    try:
        window.find('push button', T('New certificate'))
        camera.wid = run('xdotool', 'search', '--onlyvisible', '--name', '^%s$' % T('Certhall')).split()[0]
        camera.change(*STYLES[0], *SIZES[0])
        open_login()
        at('key-login')
        window.press(T('Look up an application without an account'))
        window.find('heading', T('Look up an application'))
        at('lookup')
        window.keys('alt+Left')
        window.wait_gone('heading', T('Look up an application'))
        window.find('check box', UNIT['unit-name'], exact=False)
        log_in(WRONG_PIN)
        window.wait_text(T('Only few tries are left'))
        at('key-wrong')
        log_in(WRONG_PIN)
        window.wait_text(T('1 try is left'))
        at('key-last-try')
        log_in(WRONG_PIN)
        until('the focus on the question', lambda: window.is_focused('check box', T('I am sure that I remember the PIN')))
        window.tick(T('I am sure that I remember the PIN'))
        window.press(T('Log in'))
        window.wait_text(T('The PIN is locked'), exact=False)
        at('key-locked')

        window.press(T('Unlock'))
        window.find('heading', T('Send a code to the handler'))
        at('unlock-mobile')
        window.fill(T('Mobile number of the handler'), desk.terminal.mobile)
        before = sum('code' in row for row in desk.demo.call('sms?mobile=' + desk.terminal.mobile)['messages'])
        window.press(T('Next'))
        window.find('heading', T('Enter the code'))
        until('the message', lambda: sum('code' in row for row in desk.demo.call(
            'sms?mobile=' + desk.terminal.mobile)['messages']) > before)
        at('unlock-code')
        window.type_secret(T('SMS code'), desk.demo.get_code(desk.terminal.mobile))
        window.press(T('Next'))
        window.wait_text(T('Choose a PIN'))
        window.type_secret(T('PIN'), '123')
        print(language, 'unlock-pin', flush=True)
        camera.take_dialog('unlock-pin')
        window.focus(T('PIN'))
        window.keys('ctrl+a')
        window.type(NEW_PIN)
        window.type_secret(T('The same again'), NEW_PIN)
        window.keys('Return')
        window.find('heading', T('The USB key is unlocked'))
        at('unlock-done')

        window.press(T('Home'))
        open_login()
        log_in(NEW_PIN)
        window.wait_gone('list item', T('You are not logged in'))
        window.find('list item', T('USB key plugged in'))
        at('key-home')
        desk.cards.insert(1)
        window.keys('F10')
        window.press(T('Keys and software tokens'), role='menu item')
        main = camera.wid
        until('the window of the keys', lambda: active_window() == T('Keys and software tokens'))
        camera.wid, camera.variant = run('xdotool', 'getactivewindow').strip(), None
        camera.change(*STYLES[0], *SIZES[0])
        window.find('label', 'Blank key', exact=False)
        at('keys')
        window.keys('alt+F4')
        until('the end of the window', lambda: active_window() == T('Certhall'))
        camera.wid, camera.variant = main, None
        camera.change(*STYLES[0], *SIZES[0])

        window.press(T('Remote download'))
        window.find('heading', T('Enter the download code'))
        at('download-code')
        window.focus(T('Download code'))
        window.type(code)
        window.press(T('Next'))
        window.find('heading', T('Check the certificate'))
        at('download-check')
        window.press(T('Download the certificate'))
        window.find('heading', T('Choose the USB key'))
        at('choose-key')
        window.choose('Blank key')
        window.press(T('Next'))
        window.wait_text(T('Enter the PIN of the USB key'))
        print(language, 'download-pin', flush=True)
        camera.take_dialog('download-pin')
        window.type_secret(T('PIN'), PIN)
        window.press(T('Continue'), exact=False)
        window.find('heading', T('The certificate is installed'))
        at('download-done')
        window.press(T('Home'))
        window.wait_gone('heading', T('The certificate is installed'))
    except BaseException:
        camera.take('failed-keys') if camera.wid and camera.variant else None
        raise
    finally:
        print(window.read_log())
        window.close()
        desk.demo.close()
        desk.close()
