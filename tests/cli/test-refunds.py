#!/usr/bin/python3
"""Money that goes back, in the terminal: two of the staff agree, the server sends it by itself, and what the provider would not pay
back is paid back by hand, by somebody else than who approved it. The applicant sees how far it is and nothing of the staff."""

import sqlite3
import sys
import time

sys.dont_write_bytecode = True
from cli_world import RESTING, World, case, finish  # noqa: E402

PATIENCE = 60
WRONG_STATE, SECOND_PERSON = 33, 44
PERSON = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
          'handler_mobile': '13800138000'}

world = World(serve=('--till-seconds', '1'), two_people=True)
world.make_documents()
world.add_staff('bert', 'support')
world.add_staff('carl', 'maker')
account = world.answers('account.json', user_name='zhang-san', **PERSON)
answers = world.answers('answers.json', unit_name='天津市滨海数字认证测试单位', unit_code='91120116MA06TEA10Q', term='one-year',
                        province='天津市', city='和平区', licence='licence.png', handler_id='handler.png', bundle='bundle.zip',
                        handler_email='zhang.san@example.com', **PERSON)
state = {}


def pay_and_withdraw():
    """Returns the number of the application."""
    report = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.self-pay', '--answers', answers, '--no-input', '--json').json
    world.demo('orders/%s/pay' % report['order'], {})
    world.expect(RESTING, 'flow', 'resume', report['application'], '--no-input', '--json')
    world.expect(0, 'application', 'withdraw', report['application'])
    return report['application']


def refunds(*words):
    return world.expect(0, 'staff', 'refunds', *words, '--json').json['items']


def until(what, condition):
    """The server’s clock decides when: asked again and again."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what


def show(application):
    refund, = world.expect(0, 'application', 'show', application, '--json').json['refunds']
    return refund


@case
def nothing_goes_back_at_first():
    world.expect(0, 'account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents',
                 '--ask', world.ask)
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')
    # The account’s own session is none of the staff’s
    world.expect(20, 'staff', 'refunds')
    world.be_staff('alice')
    assert refunds() == []


@case
def what_is_withdrawn_is_listed():
    state['application'] = pay_and_withdraw()
    refund, = refunds()
    assert (refund['fen'], refund['state'], refund['reason'], refund['channel']) == (30000, 'due', 'withdrawn', 'wechat'), refund
    assert refund['application'] == state['application'], refund
    state['refund'] = refund['id']
    listed = world.expect(0, 'staff', 'refunds').out
    assert refund['id'] in listed and '300.00 yuan' in listed, listed
    assert refunds('--state', 'due') and not refunds('--state', 'failed')


@case
def one_person_is_not_enough():
    told = world.expect(0, 'staff', 'refund-approve', state['refund'])
    assert 'A second person must agree' in told.err, told
    refund, = refunds()
    assert refund['state'] == 'due' and refund['checked-by'] == 'staff:alice', refund
    failure = world.expect(SECOND_PERSON, 'staff', 'refund-approve', state['refund'], '--json').json
    assert failure['error'] == 'second-person', failure
    # It is not sent meanwhile, and it cannot be said to be done
    world.expect(WRONG_STATE, 'staff', 'refund-retry', state['refund'])
    world.expect(WRONG_STATE, 'staff', 'refund-by-hand', state['refund'], 'in cash')
    world.expect(14, 'staff', 'refund-approve', 'no-such-refund')
    assert show(state['application'])['state'] == 'due'


@case
def whose_business_it_is_not_sees_nothing():
    world.be_staff('carl')
    for words in (('refunds',), ('refund-approve', state['refund']), ('refund-retry', state['refund'])):
        assert world.ctl('staff', *words, '--json').json['error'] == 'forbidden', words


@case
def the_second_person_has_it_sent():
    world.be_staff('bert')
    approved = world.expect(0, 'staff', 'refund-approve', state['refund'], '--json').json
    assert approved['approved-by'] == 'staff:bert', approved
    until('the money to be sent', lambda: show(state['application'])['state'] == 'sent')
    # Who is impatient has it asked after at once, under the same number
    world.expect(0, 'staff', 'refund-retry', state['refund'])
    world.demo('refunds/%s/complete' % state['refund'], {})
    assert show(state['application'])['state'] == 'done'
    assert refunds() == [] and [r['id'] for r in refunds('--state', 'done')] == [state['refund']]
    told = world.expect(0, 'application', 'show', state['application']).out
    assert '300.00 yuan' in told and 'alice' not in told and 'bert' not in told, told
    world.expect(WRONG_STATE, 'staff', 'refund-approve', state['refund'])


@case
def what_the_provider_refuses_is_paid_back_by_hand():
    application = pay_and_withdraw()
    refund, = refunds()
    # As a provider does whose money went elsewhere already: it says no
    with sqlite3.connect(world.ca / 'certhall.db', timeout=PATIENCE) as db:
        taken, = db.execute('SELECT trade_no FROM refund WHERE id = ?', (refund['id'],)).fetchone()
        db.execute('INSERT INTO trial_refund (refund_no, trade_no, fen, is_done, created) VALUES (?, ?, ?, 1, 0)', ('elsewhere', taken, 30000))
    world.expect(0, 'staff', 'refund-approve', refund['id'])
    world.be_staff('alice')
    world.expect(0, 'staff', 'refund-approve', refund['id'])
    until('the provider to refuse', lambda: refunds('--state', 'failed'))
    failed, = refunds()
    assert failed['failure'] and failed['failure'] in world.expect(0, 'staff', 'refunds').out, failed
    # Not who approved it
    world.expect(SECOND_PERSON, 'staff', 'refund-by-hand', refund['id'], 'bank transfer 42')
    assert world.ctl('staff', 'refund-by-hand', refund['id']).status == 64
    world.be_staff('bert')
    done = world.expect(0, 'staff', 'refund-by-hand', refund['id'], 'bank transfer 42', '--json').json
    assert done['state'] == 'done' and done['note'] == 'bank transfer 42', done
    seen = show(application)
    assert seen['state'] == 'done' and not {'checked-by', 'approved-by', 'note'} & set(seen), seen


@case
def the_server_ends_well():
    assert world.close() == 0


finish()
