#!/usr/bin/python3
"""The phone's side as a person has it: the page in a real browser, against the server as it is run."""

import base64
import hashlib
import json
import os
import sys

sys.dont_write_bytecode = True
from browser import Browser  # noqa: E402
from phone_world import NAME, UNIT, Code, PhoneWorld, Refused, case, finish  # noqa: E402

MOBILE, OTHER = '13800138000', '13800138001'
PIN, WRONG_PIN = '271828', '314159'
INSTALLATION = '0123456789abcdef0123456789abcdef'
world = PhoneWorld()
phone = Browser(world.trust)
world.make_documents()
facts = {'member': world.register('zhang-san', MOBILE), 'other': world.register('li-si', OTHER)}


def sign_in(code):
    phone.scan(code.address)
    phone.await_heading('允许电脑登录吗？')
    phone.type('pin', PIN)
    phone.press('go')
    phone.await_heading('已同意，请回到电脑继续')


def approve():
    """An application of the member, approved; the PC's own part of it is the terminal's."""
    answers = world.answers('answers.json', project='ra-test-phone-key-account', unit_name=NAME, unit_code=UNIT, term='one-year',
                            province='天津市', city='和平区', handler_name='张三', handler_document_kind='resident-id',
                            handler_document_number='11010519491231002X', handler_mobile=MOBILE,
                            handler_email='zhang.san@example.com', licence='licence.png', handler_id='handler.png', bundle='bundle.zip')
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')
    outcome = world.ctl('flow', 'run', 'apply.enterprise.phone.enterprise-pay', '--answers', answers, '--pin-file', world.dir / 'pin',
                        '--no-input', '--json')
    world.demo('applications/%s/review' % outcome.json['application'], {'approve': True})
    return outcome.json['application']


@case
def a_page_without_a_code_says_what_to_do():
    phone.scan(world.url + '/phone/')
    assert phone.heading() == '请扫描电脑上显示的二维码', phone.text()
    assert phone.run('document.documentElement.scrollWidth') == 360
    phone.run('document.getElementById("language").click()')
    phone.await_heading('Scan the code on the PC')
    phone.run('document.getElementById("language").click()')
    phone.await_heading('请扫描电脑上显示的二维码')


@case
def the_page_builds_the_bytes_of_the_rules():
    server, own, nonce, confirmed = b'server' * 9, b'own' * 5, bytes(range(32)), hashlib.sha256(b'content').digest()
    for label in ('certhall-login/1', 'certhall-confirm/1', 'certhall-possession/1'):
        for what in (b'', confirmed):
            expected = label.encode() + b'\0' + hashlib.sha256(server).digest() + hashlib.sha256(own).digest() + nonce + what
            built = phone.run('''import('/phone/statement.js').then(async ({ build }) => {
              const read = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
              return Array.from(await build(%s, read(%s), read(%s), read(%s), %s));
            })''' % (json.dumps(label), *(json.dumps(base64.b64encode(part).decode()) for part in (server, own, nonce)),
                     'read(%s)' % json.dumps(base64.b64encode(what).decode()) if what else 'null'))
            assert bytes(built) == expected, label


@case
def nothing_inline_runs_and_nothing_is_evaluated():
    refused = phone.run('(() => { try { return eval("1"); } catch (error) { return error.name; } })()', allowUnsafeEvalBlockedByCSP=False)
    assert refused == 'EvalError', refused
    phone.run('''(() => { const script = document.createElement('script'); script.textContent = 'window.hacked = true';
      document.body.append(script); const image = document.createElement('div'); image.setAttribute('onclick', 'window.hacked = true');
      document.body.append(image); image.click(); })()''')
    assert phone.run('window.hacked') is None
    assert len(phone.run('window.violations')) >= 2


@case
def a_phone_is_added():
    code = Code(world, '/v1/scans/pair', facts['member'])
    phone.scan(code.address)
    phone.await_heading('把这部手机绑定到账号')
    text = phone.text()
    assert '财务室的电脑' in text and '127.0.0.1（与手机同一网络）' in text, text
    assert phone.run('location.hash') == '' and code.state() == 'taken'
    phone.type('pin-new', '123456')
    phone.press('go')
    phone.await_warning('过于简单')
    phone.type('pin-new', PIN)
    phone.type('pin-again', WRONG_PIN)
    phone.press('go')
    phone.await_warning('不一致')
    phone.type('pin-again', PIN)
    phone.press('send-code')
    phone.until('document.querySelector(".sent")')
    phone.type('sms-code', world.sms(MOBILE))
    phone.press('go')
    phone.await_heading('手机已绑定')
    assert code.state() == 'done'
    assert len(world.call('GET', '/v1/phones', token=facts['member'])['items']) == 1
    again = Code(world, '/v1/scans/pair', facts['member'])
    phone.scan(again.address)
    phone.await_heading('这部手机已经绑定')


@case
def without_a_certificate_it_lets_nobody_in():
    phone.scan(Code(world, '/v1/scans/login').address)
    phone.await_heading('这部手机上还没有证书')


@case
def a_certificate_is_installed():
    facts['application'] = approve()
    code = Code(world, '/v1/applications/%s/scans' % facts['application'], facts['member'], purpose='install')
    phone.scan(code.address)
    phone.await_heading('把证书安装到这部手机')
    assert NAME in phone.text() and facts['application'] in phone.text()
    phone.type('pin', PIN)
    phone.press('go')
    phone.await_heading('证书已安装到这部手机')
    assert code.state() == 'done'
    application = world.call('GET', '/v1/applications/' + facts['application'], token=facts['member'])
    assert application['state'] == 'done', application
    facts['certificate'] = application['certificate']


@case
def a_pc_is_let_in():
    code = Code(world, '/v1/scans/login')
    sign_in(code)
    try:
        code.claim(INSTALLATION)
        raise AssertionError('a PC nobody knows came in without a code')
    except Refused as refused:
        assert refused.id == 'place-unknown' and refused.details['mobile'] == '138****8000', refused
    session = code.claim(INSTALLATION, world.sms(MOBILE))
    assert session['principal'] == 'holder'
    assert world.call('GET', '/v1/holder', token=session['token'])['certificate'] == facts['certificate']
    code = Code(world, '/v1/scans/login')
    sign_in(code)
    assert code.claim(INSTALLATION)['principal'] == 'holder'


@case
def refusing_is_one_press():
    code = Code(world, '/v1/scans/login')
    phone.scan(code.address)
    phone.await_heading('允许电脑登录吗？')
    phone.press('refuse')
    phone.await_heading('已拒绝')
    assert code.state() == 'refused'
    try:
        code.claim(INSTALLATION)
        raise AssertionError('let in')
    except Refused as refused:
        assert refused.id == 'scan-refused', refused


@case
def an_older_code_is_no_longer_good():
    code = Code(world, '/v1/scans/login')
    old = code.address
    code.turn()
    phone.scan(old)
    assert '二维码已失效' in phone.await_warning()
    assert code.state() == 'shown'


@case
def by_anothers_code_this_phone_is_a_new_one():
    code = Code(world, '/v1/scans/pair', facts['other'])
    phone.scan(code.address)
    phone.await_heading('把这部手机绑定到账号')
    assert phone.run('document.querySelector("[name=pin-new]") !== null')
    phone.press('send-code')
    phone.until('document.querySelector(".sent")')
    assert '138****8001' in phone.text(), phone.text()


@case
def without_a_network_nothing_is_lost():
    code = Code(world, '/v1/scans/login')
    phone.scan(code.address)
    phone.await_heading('允许电脑登录吗？')
    offline = {'latency': 0, 'downloadThroughput': -1, 'uploadThroughput': -1}
    phone.send('Network.emulateNetworkConditions', offline=True, **offline)
    phone.type('pin', PIN)
    phone.press('go')
    phone.await_warning('网络不通')
    phone.send('Network.emulateNetworkConditions', offline=False, **offline)
    phone.type('pin', PIN)
    phone.press('go')
    phone.await_heading('已同意，请回到电脑继续')


@case
def six_wrong_pins_ask_for_a_message():
    code = Code(world, '/v1/scans/login')
    phone.scan(code.address)
    phone.await_heading('允许电脑登录吗？')
    for left in range(5, -1, -1):
        phone.type('pin', WRONG_PIN)
        phone.press('go')
        phone.await_warning('还可以试 %d 次' % left if left > 0 else '错误次数过多')
    phone.type('pin', PIN)
    phone.press('send-code')
    phone.until('document.querySelector(".sent")')
    phone.type('sms-code', world.sms(MOBILE))
    phone.press('go')
    phone.await_heading('已同意，请回到电脑继续')
    assert code.state() == 'signed'


@case
def what_lies_on_the_phone_opens_nothing():
    kept = phone.run('''new Promise((resolve, reject) => {
      const request = indexedDB.open('certhall', 1);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const all = request.result.transaction('phones').objectStore('phones').getAll();
        all.onsuccess = () => resolve(JSON.stringify(all.result, (key, value) => value instanceof CryptoKey ? 'a key!'
          : value instanceof Uint8Array ? Array.from(value) : value));
      };
    })''')
    assert 'a key!' not in kept and PIN not in kept.replace(',', ''), 'a key or the PIN lies open'
    own, = json.loads(kept)
    assert sorted(own) == ['certificates', 'free', 'id', 'name', 'pending', 'salt'], sorted(own)
    assert own['pending'] == {} and own['free'] == [] and len(own['certificates']) == 1, kept


@case
def no_secret_is_in_the_log_and_the_console_is_quiet():
    log = (world.dir / 'server.log').read_text(encoding='utf-8')
    for secret in (PIN, WRONG_PIN, facts['member'], world.sms(MOBILE)):
        assert secret not in log
    for event in phone.events:
        if event['method'] == 'Runtime.exceptionThrown':
            raise AssertionError(event)


if os.environ.get('CERTHALL_PICTURE'):
    phone.picture(os.environ['CERTHALL_PICTURE'])
phone.close()


@case
def the_server_ends_well():
    assert world.close() == 0


finish()
