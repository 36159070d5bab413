"""The pages of what can be done about a certificate that is there, for the contact sheet: its data changed, renewed, its handler
changed, its key replaced, revoked."""

import os
import time

from camera import SIZES, STYLES, Camera, run

# In the order of the contact sheet
BUSINESS_PAGES = ('change-data', 'change-submit', 'renew-choose', 'renew-term', 'handler-changed', 'replace-what', 'replace-code',
                  'replace-code-wrong', 'replace-submit', 'replace-waiting', 'revoke-reason', 'revoked')
NEW_NAME = '天津市滨海数字认证更名单位'


def renew_at_once(profile):
    """Sold are keys that the people have in hand; what is made may be renewed."""
    from ukey import sell_keys

    sell_keys(profile)
    profile['limits'].update({'renew-days': 400, 'sms-again': 0})


def walk_businesses(folder, language):
    """Inside a display of its own."""
    from businesses import Businesses
    from stage import T, Window
    from ukey import PIN, KeyDesk

    os.environ['GSETTINGS_BACKEND'] = 'keyfile'
    camera = Camera(folder, language)
    desk = KeyDesk(change=renew_at_once)
    name, mobile = desk.terminal.unit['unit-name'], desk.terminal.mobile
    desk.issue(0)
    window = Window(desk.demo, environment={'ADW_DISABLE_PORTAL': '1'})
    hand = Businesses(window, desk.demo, desk.terminal, desk.folder)

    def at(page):
        time.sleep(0.5)
        print(language, page, flush=True)
        camera.take_all(page)

    def leave(heading):
        """The application stays a draft, and is thrown away: another one about the certificate is begun next."""
        hand.go_home(heading)
        draft = next((row for row in desk.terminal.list() if row['state'] == 'draft'), None)
        if draft is not None:
            desk.terminal.run('application', 'discard', draft['id'])

    try:
        window.find('push button', T('New certificate'))
        camera.wid = run('xdotool', 'search', '--onlyvisible', '--name', '^%s$' % T('Certhall')).split()[0]
        camera.change(*STYLES[0], *SIZES[0])
        window.press(T('Renew a certificate'))
        window.find('check box', name, exact=False)
        at('renew-choose')
        leave('Choose the certificate')
        hand.begin(name, 'Renew a certificate')
        window.find('heading', T('Choose the validity'))
        at('renew-term')
        leave('Choose the validity')

        hand.begin(name, 'Change the handler')
        hand.upload('handler-id', 'handler-letter')
        window.find('heading', T('Change the handler’s data'))
        at('handler-changed')
        leave('Change the handler’s data')

        hand.begin(name, 'Replace a lost key')
        window.find('heading', T('Say what happened'))
        at('replace-what')
        hand.choose('What happened to the USB key', 'It is lost, or was stolen: somebody else may have it', 1)
        window.press(T('Next'))
        hand.upload('licence', 'handler-id', 'replacement-form')
        window.find('heading', T('Confirm by SMS'))
        at('replace-code')
        code = desk.demo.get_code(mobile)
        hand.type_code('000000' if code != '000000' else '111111')
        window.wait_text(T('The code is wrong or too old'), exact=False)
        at('replace-code-wrong')
        hand.type_code(code)
        window.find('push button', T('Submit'))
        at('replace-submit')
        application = hand.submit()
        at('replace-waiting')
        desk.demo.review(application, False, [{'field': 'replacement-form', 'reason': 'review', 'remark': '缺少公章'}])
        hand.go_home('The review found mistakes')
        desk.terminal.run('application', 'withdraw', application)

        hand.begin(name, 'Change a certificate')
        hand.upload('licence', 'handler-id', 'bundle')
        window.find('heading', T('Change the certificate data'))
        window.fill(T('Name of the unit (in full)'), NEW_NAME)
        at('change-data')
        window.press(T('Next'))
        window.find('heading', T('Fill in the handler’s data'))
        window.press(T('Next'))
        window.type_secret(T('PIN'), PIN)
        window.keys('Return')
        window.find('push button', T('Submit'))
        at('change-submit')
        leave('Submit for review')

        hand.begin(name, 'Revoke a certificate')
        window.find('heading', T('Say why'))
        at('revoke-reason')
        hand.choose('Why it is to be revoked', 'The certificate is no longer needed', 2)
        window.press(T('Next'))
        hand.upload('licence', 'handler-id', 'revocation-form')
        window.find('heading', T('Confirm by SMS'))
        hand.type_code(desk.demo.get_code(mobile))
        desk.demo.review(hand.submit())
        window.find('heading', T('The CA has agreed and done it'))
        at('revoked')
    except BaseException:
        camera.take('failed-businesses') if camera.wid and camera.variant else None
        raise
    finally:
        print(window.read_log())
        window.close()
        desk.demo.close()
        desk.close()
