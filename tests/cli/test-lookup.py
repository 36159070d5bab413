#!/usr/bin/python3
"""Applications looked up from a terminal without an account: what is found, what is not told, and that nothing is kept of it."""

import sys

sys.dont_write_bytecode = True
from cli_world import RESTING, World, case, finish  # noqa: E402

MOBILE, NUMBER, UNIT = '13800138000', '11010519491231002X', '91120116MA06TEA10Q'
world = World()
world.make_documents()
account = world.answers('account.json', user_name='zhang-san', handler_name='张三', handler_document_kind='resident-id',
                        handler_document_number=NUMBER, handler_mobile=MOBILE)
answers = world.answers('answers.json', project='ra-test-key-account', unit_name='天津市滨海数字认证测试单位', unit_code=UNIT, term='one-year',
                        province='天津市', city='和平区', handler_name='张三', handler_document_kind='resident-id',
                        handler_document_number=NUMBER, handler_mobile=MOBILE, handler_email='zhang.san@example.com',
                        licence='licence.png', handler_id='handler.png', bundle='bundle.zip')
world.expect(0, 'account', 'register', '--answers', account, '--ask', world.ask, '--password-file', world.dir / 'password',
             '--accept-consents')
world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')
application = world.ctl('flow', 'run', 'apply.enterprise.soft.enterprise-pay', '--answers', answers, '--pin-file', world.dir / 'pin',
                        '--no-input', '--json')
assert application.status == RESTING, application
application = application.json['application']
world.expect(0, 'account', 'logout')


def advance(seconds):
    world.demo('clock', {'advance': seconds})


def look_up(*words, number=NUMBER, mobile=MOBILE, status=0):
    """Every time by a new code"""
    advance(61)
    outcome = world.ctl('lookup', '--document-number', number, '--mobile', mobile, '--ask', world.ask, *words)
    assert outcome.status == status, outcome
    return outcome


@case
def an_application_is_found_without_an_account():
    item, = look_up('--json').json['items']
    assert item['application']['id'] == application and item['application']['state'] == 'submitted', item
    assert item['application']['answers']['unit-name'] == '天津市滨海数字认证测试单位', item
    assert item['application']['answers']['handler-document-number'] == '110***********002X', item
    assert 'documents' not in item['application'] or not item['application']['documents'], item
    assert look_up('--json', number=UNIT.lower()).json['items'][0]['application']['id'] == application


@case
def it_is_told_in_words():
    out = look_up().out
    assert 'New certificate · In review' in out and '110***********002X' in out and application in out, out
    assert NUMBER not in out and MOBILE not in out, out


@case
def a_refusal_says_what_is_to_be_corrected():
    world.demo('applications/%s/review' % application,
               {'approve': False, 'reasons': [{'field': 'licence', 'reason': 'review', 'remark': '缺少公章'}]})
    out = look_up().out
    assert 'Refused' in out and '缺少公章' in out, out
    reason, = look_up('--json').json['items'][0]['application']['reasons']
    assert reason['field'] == 'licence', reason


@case
def who_says_another_number_finds_nothing():
    outcome = look_up(number='120106199102021315')
    assert 'None has this document number' in outcome.err, outcome
    assert look_up('--json', number='120106199102021315').json == {'items': []}


@case
def what_is_typed_wrong_is_said_before_a_code_is_sent():
    sent = len(world.demo('sms?mobile=' + MOBILE)['messages'])
    outcome = world.ctl('lookup', '--document-number', '1', '--mobile', '123', '--ask', world.ask, '--json')
    assert outcome.status == 3 and {f['field'] for f in outcome.json['fields']} == {'document-number', 'handler-mobile'}, outcome
    outcome = world.ctl('lookup', '--mobile', MOBILE, '--no-input', '--json')
    assert outcome.status == RESTING and outcome.json['field'] == 'document-number', outcome
    assert len(world.demo('sms?mobile=' + MOBILE)['messages']) == sent


@case
def a_wrong_code_is_refused():
    ask = world.dir / 'wrong-ask'
    ask.write_text('#!/bin/sh\necho 00000x\n', encoding='utf-8')
    ask.chmod(0o700)
    advance(61)
    outcome = world.ctl('lookup', '--document-number', NUMBER, '--mobile', MOBILE, '--ask', ask, '--json')
    assert outcome.status == 24 and outcome.json['error'] == 'code-wrong', outcome


@case
def nothing_is_kept_of_it_here():
    kept = [str(path.relative_to(world.dir / 'run')) for path in (world.dir / 'run').rglob('session-*')]
    assert not kept, kept
    assert world.ctl('application', 'list', '--json').json['error'] == 'not-logged-in'


@case
def the_server_ends_well():
    assert world.close() == 0


finish()
