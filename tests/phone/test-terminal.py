#!/usr/bin/python3
"""A terminal and a phone: the code is shown in the terminal, what it leads to is done in a real browser, and the terminal goes on
by itself."""

import subprocess
import sys

sys.dont_write_bytecode = True
from browser import Browser  # noqa: E402
from phone_world import NAME, UNIT, Code, PhoneWorld, Shown, case, finish  # noqa: E402

MOBILE, PIN = '13800138000', '271828'
world = PhoneWorld()
phone = Browser(world.trust)
world.make_documents()
world.write('licence.txt', 'no picture')
facts = {'member': world.register('zhang-san', MOBILE)}


def log_in():
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')


@case
def a_phone_is_added_from_the_terminal():
    log_in()
    shown = Shown(world, 'phone', 'add')
    message = shown.read()
    assert message['state'] == 'shown' and message['address'].startswith(world.url + '/phone/#'), message
    phone.scan(message['address'])
    phone.await_heading('把这部手机绑定到账号')
    phone.type('pin-new', PIN)
    phone.type('pin-again', PIN)
    phone.press('send-code')
    phone.until('document.querySelector(".sent")')
    phone.type('sms-code', world.sms(MOBILE))
    phone.press('go')
    phone.await_heading('手机已绑定')
    assert shown.read()['state'] == 'done'
    assert shown.end()[0] == 0
    listed, = world.expect(0, 'phone', 'list', '--json').json['items']
    facts['phone'] = listed['id']
    assert listed['name'] in world.expect(0, 'phone', 'list').out


@case
def the_terminal_is_let_in_by_the_phone():
    answers = world.answers('answers.json', project='ra-test-phone-key-account', unit_name=NAME, unit_code=UNIT, term='one-year',
                            province='天津市', city='和平区', handler_name='张三', handler_document_kind='resident-id',
                            handler_document_number='11010519491231002X', handler_mobile=MOBILE,
                            handler_email='zhang.san@example.com', licence='licence.png', handler_id='handler.png', bundle='bundle.zip')
    run = world.ctl('flow', 'run', 'apply.enterprise.phone.enterprise-pay', '--answers', answers, '--pin-file', world.dir / 'pin',
                    '--no-input', '--json').json
    world.demo('applications/%s/review' % run['application'], {'approve': True})
    code = Code(world, '/v1/applications/%s/scans' % run['application'], facts['member'], purpose='install')
    phone.scan(code.address)
    phone.await_heading('把证书安装到这部手机')
    phone.type('pin', PIN)
    phone.press('go')
    phone.await_heading('证书已安装到这部手机')

    world.expect(0, 'account', 'logout')
    shown = Shown(world, 'account', 'login', '--phone', '--accept-consents', '--ask', world.ask)
    phone.scan(shown.read()['address'])
    phone.await_heading('允许电脑登录吗？')
    phone.type('pin', PIN)
    phone.press('go')
    phone.await_heading('已同意，请回到电脑继续')
    done = shown.read()
    status, err = shown.end()
    assert status == 0 and done['state'] == 'done' and done['name'] == NAME, (done, err)
    mine, = world.expect(0, 'cert', 'list', '--json').json['items']
    assert mine['application'] == run['application'], mine


@case
def photographs_of_the_phone_get_into_the_application():
    world.expect(0, 'account', 'logout')
    log_in()
    # Larger than the CA takes it: the page makes it smaller
    subprocess.run(['convert', '-size', '3000x2000', 'plasma:', '-seed', '7', '-quality', '98', world.dir / 'photo.jpg'], check=True)
    assert (world.dir / 'photo.jpg').stat().st_size > 2 << 20
    answers = world.answers('begun.json', project='ra-test-phone-key-account', unit_name=NAME, unit_code=UNIT, term='one-year',
                            province='天津市', city='和平区')
    begun = world.ctl('flow', 'run', 'apply.enterprise.phone.enterprise-pay', '--answers', answers, '--no-input', '--json').json
    assert begun['step'] == 'documents', begun
    shown = Shown(world, 'phone', 'scan', begun['application'])
    phone.scan(shown.read()['address'])
    phone.await_heading('拍摄申请材料')
    text = phone.text()
    assert '营业执照（副本）' in text and '经办人身份证件' in text and '其他资料' not in text, text
    phone.give_file('photo-licence', world.dir / 'licence.txt')
    phone.await_warning('请重新拍摄')
    phone.give_file('photo-licence', world.dir / 'photo.jpg')
    phone.until('document.querySelectorAll(".photo .sent").length === 1')
    phone.give_file('photo-handler-id', world.dir / 'photo.jpg')
    phone.until('document.querySelectorAll(".photo .sent").length === 2')
    phone.press('go')
    phone.await_heading('照片已上传，请回到电脑继续')
    assert shown.read_last()['state'] == 'done' and shown.end()[0] == 0
    sent = {row['id']: row for row in world.expect(0, 'application', 'show', begun['application'], '--json').json['documents']}
    assert sorted(sent) == ['handler-id', 'licence'], sent
    assert all(row['size'] <= 2 << 20 and row['name'].endswith('.jpg') for row in sent.values()), sent


@case
def refused_on_the_phone_is_refused_here():
    shown = Shown(world, 'account', 'login', '--phone', '--accept-consents')
    phone.scan(shown.read()['address'])
    phone.await_heading('允许电脑登录吗？')
    phone.press('refuse')
    phone.await_heading('已拒绝')
    status, err = shown.end()
    assert status == 26, (status, err)


@case
def a_phone_that_is_forgotten_opens_nothing():
    log_in()
    assert world.expect(0, 'phone', 'forget', facts['phone'], '--json').json['items'] == []
    phone.scan(Code(world, '/v1/scans/login').address)
    phone.await_heading('这部手机还没有绑定')


phone.close()


@case
def the_server_ends_well():
    assert world.close() == 0


finish()
