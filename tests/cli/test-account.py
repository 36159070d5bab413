#!/usr/bin/python3
"""What an account’s owner does from the terminal: forgotten password, changes, what is known of them, and the end."""

import json
import stat
import sys
import zipfile

sys.dont_write_bytecode = True
from cli_world import PASSWORD, World, case, finish  # noqa: E402

MOBILE, NUMBER = '13800138000', '11010519491231002X'
world = World()
facts = {}


def ask_with(name, **values):
    """A command for --ask: fixed answers, and codes from the outbox of the demonstration."""
    path = world.dir / name
    path.write_text('''#!/usr/bin/python3
import json, ssl, sys, urllib.request
values = %r
field = sys.argv[-1]
if field in values and not values[field].startswith('outbox:'):
    print(values[field])
    sys.exit(0)
target = values.get(field, '')[7:]
if not target:
    sys.exit(1)
request = urllib.request.Request(%r + target, headers={'Demo-Token': open(%r).read().strip()})
print(json.loads(urllib.request.urlopen(request, context=ssl.create_default_context(cafile=%r)).read())['code'])
''' % ({k.replace('_', '-'): v for k, v in values.items()}, world.url + '/demo/v1/sms?mobile=', str(world.ca / 'demo-token'),
       str(world.trust)), encoding='utf-8')
    path.chmod(0o700)
    return path


def texts(target):
    return [message['text'] for message in world.demo('sms?mobile=' + target)['messages']]


def advance(seconds):
    world.demo('clock', {'advance': seconds})


def log_in(password_file, *more):
    return world.ctl('account', 'login', '--user', 'li-hua', '--password-file', password_file, '--accept-consents', *more)


@case
def an_account_is_made_and_shown():
    answers = world.answers('answers', user_name='li-hua', handler_name='王小明', handler_document_kind='resident-id',
                            handler_document_number=NUMBER, handler_mobile=MOBILE)
    world.expect(0, 'account', 'register', '--answers', answers, '--ask', ask_with('ask-1', sms_code='outbox:' + MOBILE),
                 '--password-file', world.dir / 'password', '--accept-consents')
    assert log_in(world.dir / 'password').status == 0
    care = world.expect(0, 'account', 'show', '--json').json
    assert care['account']['handler-document-number'] == '110***********002X', care
    assert care['account']['handler-mobile'] == '138****8000', care
    assert len(care['installations']) == 1 and care['installations'][0]['current'], care
    assert {c['id'] for c in care['consents']} == {'service-agreement', 'personal-information'}, care


@case
def a_forgotten_password_is_replaced():
    advance(61)
    ask = ask_with('ask-2', handler_document_number=NUMBER, sms_code='outbox:' + MOBILE)
    world.expect(0, 'account', 'forgot', '--mobile', MOBILE, '--ask', ask)
    for _ in range(200):
        sent = [text for text in texts(MOBILE) if '一次性密码' in text]
        if sent:
            break
    once = sent[0].split('一次性密码 ')[1].split('，')[0]
    world.seen.append('')  # the password itself is in no output: see the last case
    facts['once'] = once
    assert log_in(world.write('once', once + '\n')).status == 0
    outcome = world.ctl('account', 'export', '--out', world.dir / 'early.zip', '--json')
    assert outcome.json['error'] == 'password-expired', outcome
    world.expect(0, 'account', 'password', '--once', '--new-password-file', world.write('new', 'Another-Good-Word-17\n'))
    assert log_in(world.dir / 'password').status == 21
    advance(61)
    assert log_in(world.dir / 'new').status == 0


@case
def the_mobile_is_changed_and_the_old_one_told():
    ask = ask_with('ask-3', sms_code='outbox:13900139000')
    wrong = world.ctl('account', 'mobile', '--mobile', '13900139000', '--password-file', world.dir / 'password', '--ask', ask,
                      '--json')
    assert wrong.json['error'] == 'password-wrong', wrong
    advance(61)
    account = world.expect(0, 'account', 'mobile', '--mobile', '13900139000', '--password-file', world.dir / 'new', '--ask',
                           ask, '--json').json
    assert account['handler-mobile'] == '139****9000', account
    assert any('139****9000' in text for text in texts(MOBILE))


@case
def the_address_is_confirmed_by_a_code():
    ask = ask_with('ask-4', email_code='outbox:li@example.com')
    account = world.expect(0, 'account', 'email', '--email', 'li@example.com', '--ask', ask, '--json').json
    assert account['email'] == 'l***@example.com', account


@case
def everything_is_saved_for_its_owner_alone():
    path = world.dir / 'mine.zip'
    world.expect(0, 'account', 'export', '--out', path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    data = json.loads(zipfile.ZipFile(path).read('data.json'))
    assert data['account'][0]['document_number'] == NUMBER, data['account']
    assert 'password' not in data['account'][0]
    assert world.ctl('account', 'export', '--out', path).status == 17


@case
def the_account_is_closed():
    advance(61)
    ask = ask_with('ask-5', sms_code='outbox:13900139000')
    world.expect(0, 'account', 'close', '--password-file', world.dir / 'new', '--ask', ask)
    assert world.ctl('account', 'show').status == 20
    assert log_in(world.dir / 'new').status == 21


@case
def no_password_was_printed():
    said = '\n'.join(world.seen)
    for secret in (PASSWORD, facts.get('once', 'none'), 'Another-Good-Word-17'):
        assert secret not in said


status = world.close()


@case
def the_server_ends_well():
    assert status == 0


finish()
