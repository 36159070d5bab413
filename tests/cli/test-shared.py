#!/usr/bin/python3
"""A PC that many people share: each command logs in and out by itself, nothing is written, no key can be left behind."""

import json
import subprocess

from cli_world import RESTING, World, case, finish

world = World()
world.make_documents()
HANDLER = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
           'handler_mobile': '13800138000', 'handler_email': 'zhang.san@example.com'}
account = world.answers('account.json', user_name='zhang-san', **{k: v for k, v in HANDLER.items() if k != 'handler_email'})
answers = world.answers('answers.json', unit_name='天津市滨海数字认证测试单位', unit_code='91120116MA06TEA10Q', term='one-year',
                        province='天津市', city='和平区', licence='licence.png', handler_id='handler.png', bundle='bundle.zip',
                        **HANDLER)
WHO = ('--shared', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')
state = {}


def find_files():
    return [str(path) for name in ('run', 'data', 'home') for path in (world.dir / name).rglob('*') if path.is_file()]


def count_sessions():
    shown = subprocess.run(['sqlite3', str(world.ca / 'certhall.db'), 'SELECT COUNT (*) FROM session'], check=True,
                           capture_output=True, text=True)
    return int(shown.stdout)


@case
def somebody_registers():
    world.expect(0, 'account', 'register', '--shared', '--answers', account, '--password-file', world.dir / 'password',
                 '--accept-consents', '--ask', world.ask)
    assert find_files() == [], find_files()


@case
def a_command_logs_in_and_out():
    outcome = world.expect(0, 'application', 'list', '--json', *WHO)
    # One object and nothing of the login
    assert json.loads(outcome.out) == {'items': []} or json.loads(outcome.out)['items'] == [], outcome
    assert find_files() == [], find_files()
    assert count_sessions() == 0


@case
def whoever_comes_next_is_nobody():
    world.expect(20, 'application', 'list', '--json')
    outcome = world.expect(RESTING, 'application', 'list', '--shared', '--no-input', '--json') \
        if '--no-input' in world.expect(0, 'application', 'list', '--help').out else None
    assert outcome is None or outcome.json['field'] == 'login-name', outcome


@case
def the_pc_says_it_is_shared():
    config = world.dir / 'config' / 'certhall'
    config.mkdir(parents=True)
    (config / 'ca.conf').write_text('[CA]\nServer=%s\nTrust=%s\nShared=true\n' % (world.url, world.trust), encoding='utf-8')
    env = {'XDG_CONFIG_HOME': str(world.dir / 'config')}
    del world.env['CERTHALL_SERVER'], world.env['CERTHALL_TRUST']
    try:
        world.expect(0, 'application', 'list', '--json', *WHO[1:], env=env)
    finally:
        world.env.update(CERTHALL_SERVER=world.url, CERTHALL_TRUST=str(world.trust))
    assert find_files() == [] and count_sessions() == 0, find_files()


@case
def an_application_is_handed_in():
    outcome = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.enterprise-pay', '--answers', answers, '--no-input',
                           '--json', *WHO)
    state['application'] = outcome.json['application']
    assert find_files() == [], find_files()


@case
def no_key_is_left_behind():
    world.demo('applications/%s/review' % state['application'], {'approve': True})
    outcome = world.expect(58, 'flow', 'resume', state['application'], '--pin-file', world.dir / 'pin', '--no-input', '--json', *WHO)
    assert outcome.json['error'] == 'shared-pc', outcome
    assert find_files() == [] and count_sessions() == 0, find_files()


@case
def at_home_it_is_finished():
    own = [word for word in WHO if word != '--shared']
    world.expect(0, 'account', 'login', *own)
    outcome = world.expect(0, 'flow', 'resume', state['application'], '--pin-file', world.dir / 'pin', '--no-input', '--json')
    assert outcome.json['state'] == 'done', outcome


status = world.close()


@case
def the_server_ends_in_order():
    assert status == 0, status


finish()
