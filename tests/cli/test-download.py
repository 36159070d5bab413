#!/usr/bin/python3
"""Remote download in the terminal: the customer service makes a code, and with it a certificate is installed on a PC on which
nobody is logged in."""

import json
import subprocess
import sys

sys.dont_write_bytecode = True
from cli_world import DAEMON, RESTING, World, case, finish  # noqa: E402

MOBILE, NUMBER, UNIT = '13800138000', '11010519491231002X', '91120116MA06TEA10Q'
NAME = '天津市滨海数字认证测试单位'
world = World()
world.make_documents()
subprocess.run([DAEMON, 'staff', 'add', '--dir', str(world.ca), 'susi', '--role', 'support', '--password-file',
                str(world.dir / 'staff-password')], check=True, stdout=subprocess.DEVNULL)
account = world.answers('account.json', user_name='zhang-san', handler_name='张三', handler_document_kind='resident-id',
                        handler_document_number=NUMBER, handler_mobile=MOBILE)
answers = world.answers('answers.json', project='ra-test-key-account', unit_name=NAME, unit_code=UNIT, term='one-year', province='天津市',
                        city='和平区', handler_name='张三', handler_document_kind='resident-id', handler_document_number=NUMBER,
                        handler_mobile=MOBILE, handler_email='zhang.san@example.com', licence='licence.png', handler_id='handler.png',
                        bundle='bundle.zip')
world.expect(0, 'account', 'register', '--answers', account, '--ask', world.ask, '--password-file', world.dir / 'password',
             '--accept-consents')
world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')
facts = {'application': world.ctl('flow', 'run', 'apply.enterprise.soft.enterprise-pay', '--answers', answers, '--pin-file',
                                  world.dir / 'pin', '--no-input', '--json').json['application']}
world.expect(0, 'account', 'logout')
world.expect(0, 'account', 'login', '--staff', 'susi', '--password-file', world.dir / 'staff-password')


def ask_with(code):
    path = world.dir / 'ask-code'
    path.write_text('#!/bin/sh\n[ "$1" = download-code ] && cat "%s"\n' % world.write('the-code', code + '\n'), encoding='utf-8')
    path.chmod(0o700)
    return path


def download(code):
    return world.ctl('cert', 'download-by-code', '--ask', ask_with(code), '--pin-file', world.dir / 'pin', '--json')


@case
def there_is_no_code_before_the_approval():
    outcome = world.ctl('staff', 'download-code', facts['application'], '--json')
    assert outcome.json['error'] == 'wrong-state', outcome
    world.demo('applications/%s/review' % facts['application'], {'approve': True})


@case
def the_customer_service_makes_a_code():
    made = world.expect(0, 'staff', 'download-code', facts['application'], '--json').json
    assert made['application'] == facts['application'] and made['name'] == NAME, made
    facts['older'] = made['code']
    out = world.expect(0, 'staff', 'download-code', facts['application'])
    facts['code'] = out.out.strip()
    assert len(facts['code']) == 19 and facts['code'].isalnum(), out
    assert NAME in out.err, out


@case
def wrong_and_ended_codes_are_told_apart():
    outcome = download('A2RKB2W8ITF8E4GED9J')
    assert outcome.status == 24 and outcome.json['error'] == 'download-code-wrong', outcome
    outcome = download(facts['older'])
    assert outcome.status == 49 and outcome.json['error'] == 'download-code-expired', outcome
    outcome = world.ctl('cert', 'download-by-code', '--no-input', '--json')
    assert outcome.status == RESTING and outcome.json['field'] == 'download-code', outcome


@case
def the_certificate_is_installed_without_an_account():
    assert world.ctl('application', 'list', '--json').json['error'] == 'not-logged-in'
    outcome = download(facts['code'].lower())
    assert outcome.status == 0, outcome
    run = outcome.json
    assert run['state'] == 'done' and run['application'] == facts['application'], run
    token, = world.expect(0, 'token', 'list', '--json').json['items']
    assert token['serial'] == run['token'], token
    shown = world.expect(0, 'cert', 'show', run['certificate']).out
    assert NAME in shown, shown


@case
def what_is_shown_before_is_what_is_installed():
    outcome = download(facts['code'])
    assert outcome.status == 49 and outcome.json['error'] == 'download-code-used', outcome
    outcome = world.ctl('staff', 'download-code', facts['application'], '--json')
    assert outcome.json['error'] == 'wrong-state', outcome


@case
def no_code_is_kept_on_this_pc():
    for path in world.dir.rglob('*'):
        if path.is_file() and path.name not in ('the-code',):
            content = path.read_bytes()
            assert facts['code'].encode() not in content, path
    assert json.dumps(facts)


@case
def the_server_ends_well():
    assert world.close() == 0


finish()
