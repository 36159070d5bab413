#!/usr/bin/python3
"""A CA that asks money for a change of data: one line of its profile, and the same change is priced, paid, invoiced, and paid back when it
is withdrawn. Who settles with the enterprise pays nothing here either way."""

import json

from cli_world import RESTING, ROOT, World, case, finish

shipped = json.loads((ROOT / 'data' / 'profiles' / 'binhai.json').read_text(encoding='utf-8'))
world = World(replacing=[dict(row, fen=5000) if row['business'] == 'change' else row for row in shipped['replacing']])
world.make_documents()
world.add_staff('max', 'maker')
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')
HANDLER = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
           'handler_mobile': '13800138000', 'handler_email': 'zhang.san@example.com'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q', 'term': 'two-years', 'province': '天津市',
        'city': '和平区'}
PAPERS = {'licence': 'licence.png', 'handler_id': 'handler.png', 'bundle': 'bundle.zip'}
INVOICE = {'invoice_title': UNIT['unit_name'], 'invoice_tax_number': UNIT['unit_code'], 'invoice_address': '西七道26号',
           'invoice_phone': '022-24890000', 'invoice_bank': '中国银行', 'invoice_account': '2700123456789012',
           'invoice_email': 'zhang.san@example.com'}
CHANGED = world.answers('changed.json', unit_name='天津市滨海数字认证更名单位', **PAPERS)
state = {}


def resume(application):
    return world.ctl('flow', 'resume', application, '--answers', CHANGED, *RUN)


def pay(rests):
    assert rests.status == RESTING and rests.json['step'] == 'pay', rests
    world.demo('orders/%s/pay' % rests.json['order'], {})
    rests = resume(rests.json['application'])
    assert rests.status == RESTING and rests.json['step'] == 'review', rests
    return rests.json['application']


def make_certificate(settlement):
    answers = world.answers('answers.json', **UNIT, **HANDLER, **PAPERS)
    rests = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.' + settlement, '--answers', answers, *RUN)
    application = pay(rests) if rests.json['step'] == 'pay' else rests.json['application']
    world.demo('applications/%s/review' % application, {})
    done = resume(application)
    assert done.status == 0, done
    return done.json['certificate']


def change(settlement, certificate):
    return world.expect(RESTING, 'flow', 'run', 'change.enterprise.soft.' + settlement, '--certificate', certificate, '--answers', CHANGED,
                        *RUN)


@case
def two_certificates():
    account = world.answers('account.json', user_name='zhang-san', **{key: HANDLER[key] for key in list(HANDLER)[:4]})
    world.expect(0, 'account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents',
                 '--ask', world.ask)
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file',
                 world.dir / 'password')
    for settlement in ('self-pay', 'enterprise-pay'):
        state[settlement] = make_certificate(settlement)


@case
def the_price_is_that_of_the_change_and_of_no_term():
    rests = change('self-pay', state['self-pay'])
    assert rests.json['fen'] == 5000, rests
    order = world.expect(0, 'order', 'show', rests.json['order'], '--json').json
    assert order['fen'] == 5000 and '两年' not in order['title'], order
    state['change'] = rests


@case
def withdrawn_it_is_paid_back():
    application = pay(state['change'])
    world.expect(0, 'application', 'withdraw', application)
    refund, = world.expect(0, 'application', 'show', application, '--json').json['refunds']
    assert (refund['fen'], refund['reason']) == (5000, 'withdrawn'), refund


@case
def paid_and_approved_it_is_installed():
    state['application'] = pay(change('self-pay', state['self-pay']))
    world.demo('applications/%s/review' % state['application'], {})
    done = resume(state['application'])
    assert done.status == 0 and done.json['state'] == 'done' and done.json['certificate'] != state['self-pay'], done


@case
def its_invoice_is_asked_for_made_and_fetched():
    due = {row['application']: row['fen'] for row in world.expect(0, 'invoice', 'list', '--state', 'due', '--json').json['items']}
    assert due[state['application']] == 5000, due
    world.expect(0, 'invoice', 'ask', state['application'], '--answers', world.answers('invoice.json', **INVOICE), '--no-input')
    world.be_staff('max')
    world.expect(0, 'staff', 'invoice', state['application'], '26117000000012345678', world.write('made.pdf', '%PDF-1.7 an invoice'))
    out = world.dir / 'invoice.pdf'
    world.expect(0, 'invoice', 'get', state['application'], '--out', out)
    assert out.read_text(encoding='utf-8') == '%PDF-1.7 an invoice'


@case
def settled_by_the_enterprise_nothing_is_paid_here():
    rests = change('enterprise-pay', state['enterprise-pay'])
    assert rests.json['step'] == 'review', rests


assert world.close() == 0
finish()
