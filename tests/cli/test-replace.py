#!/usr/bin/python3
"""A USB key that was lost, by the CA's manual 6.1: from the list of one's certificates to another key, made at the CA and sent. What
the CA says of the old certificate meanwhile, read by openssl. Real server, OpenSC on virtual cards."""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ['CERTHALL_SOURCE_ROOT'], 'tests', 'sweep'))
from key_world import PERSON, UNIT, find_module, read_profile  # noqa: E402
from card_world import CardWorld  # noqa: E402
from cli_world import RESTING, World, case, finish  # noqa: E402
import what_ca_says  # noqa: E402

APPLY, REPLACE = 'apply.enterprise.ukey.self-pay', 'replace.enterprise.ukey.self-pay'
PAPERS = {'licence': 'licence.png', 'handler_id': 'handler.png', 'bundle': 'bundle.zip', 'replacement_form': 'licence.png'}
COURIER = {'delivery_way': 'courier', 'delivery_unit': UNIT['unit_name'], 'delivery_name': '李四', 'delivery_phone': '13800138001',
           'delivery_address': '天津市空港经济区西七道26号'}

profile = read_profile()
soft = next(row for row in profile['projects'] if row['medium'] == 'soft' and row['settlement'] == 'self-pay')
cards = CardWorld()
world = World(two_people=True, made_here=['ukey'], flows=[APPLY, REPLACE], projects=[dict(soft, medium='ukey')],
              limits=dict(profile['limits'], **{'sms-again': 0}))
world.env.update(CERTHALL_MODULES=find_module(), CERTHALL_MODULE_LIMIT_MS='90000')
world.make_documents()
world.add_staff('max', 'maker')
RUN = ('--no-input', '--json')
answers = world.answers('answers.json', term='one-year', handler_email='zhang.san@example.com', **UNIT, **PERSON, **PAPERS, **COURIER)
lost = world.answers('lost.json', replacement_reason='lost', **PAPERS, **COURIER)
facts = {}


def certificates():
    return what_ca_says.certificates(world)


def show(application):
    return world.expect(0, 'application', 'show', application, '--json').json


def resume(application, *words):
    return world.ctl('flow', 'resume', application, '--answers', lost, *words, *RUN)


def pay(rests):
    assert rests.json['step'] == 'pay', rests
    world.demo('orders/%s/pay' % rests.json['order'], {})
    rests = resume(rests.json['application'])
    assert rests.status == RESTING and rests.json['step'] == 'review', rests
    return rests


def make(application):
    """Approved by one, made by another. OpenSC loses sight of a card it has just initialised now and then: the same command goes on."""
    world.be_staff('alice')
    world.expect(0, 'staff', 'approve', application)
    world.be_staff('max')
    for _ in range(4):
        outcome = world.ctl('staff', 'make', application, '--json', '--pin-by-sms')
        if outcome.status != 50 or outcome.json['step'] != 'make-initialise':
            break
    assert outcome.status == 0, outcome
    return outcome.json


@case
def a_key_is_made_and_sent():
    account = world.answers('account.json', user_name='zhang-san', **PERSON)
    world.expect(0, 'account', 'register', '--answers', account, '--ask', world.ask, '--password-file', world.dir / 'password',
                 '--accept-consents')
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')
    rests = world.expect(RESTING, 'flow', 'run', APPLY, '--answers', answers, *RUN)
    facts['first'] = pay(rests).json['application']
    cards.insert(0)
    made = make(facts['first'])
    facts['old'], facts['old-medium'] = made['certificate'], made['token']
    world.expect(0, 'staff', 'send', facts['first'], '顺丰速运', 'SF1234567890')
    assert certificates()[facts['old']]['state'] == 'installed'
    # Lost on the way to the office
    cards.remove(0)


@case
def what_it_costs_and_asks_is_told_before():
    steps = world.expect(0, 'flow', 'show', REPLACE, '--json').json['steps']
    ids = [row['id'] for row in steps]
    order = ['choose-certificate', 'what-happened', 'documents', 'prove', 'delivery', 'pay', 'submit', 'review', 'made', 'result-made']
    assert [step for step in ids if step in order] == order and 'key' not in ids, ids


@case
def without_the_code_nothing_happens():
    rests = world.expect(RESTING, 'flow', 'run', REPLACE, '--certificate', facts['old'], '--answers', lost, *RUN)
    assert rests.json['field'] == 'sms-code', rests
    facts['application'] = rests.json['application']
    assert certificates()[facts['old']]['state'] == 'installed' and what_ca_says.crl_says(world, facts['old']) == 'good'
    twice = world.expect(48, 'flow', 'run', REPLACE, '--certificate', facts['old'], '--answers', lost, *RUN)
    assert twice.json['error'] == 'certificate-open', twice


@case
def paid_and_submitted_the_old_one_is_on_hold():
    rests = resume(facts['application'], '--ask', world.ask)
    assert rests.status == RESTING and rests.json['fen'] == 10000, rests
    # Until it is submitted, nothing happens to the old one
    assert certificates()[facts['old']]['state'] == 'installed'
    pay(rests)
    assert certificates()[facts['old']]['state'] == 'on-hold'
    assert what_ca_says.crl_says(world, facts['old']) == 'Certificate Hold'
    assert 'certificateHold' in what_ca_says.ocsp_says(world, facts['old'])


@case
def refused_it_is_good_again_and_nothing_is_paid_twice():
    world.be_staff('alice')
    world.expect(0, 'staff', 'refuse', facts['application'], '--reason', 'delivery-address=No such street')
    assert certificates()[facts['old']]['state'] == 'installed' and what_ca_says.crl_says(world, facts['old']) == 'good'
    mended = world.answers('lost.json', replacement_reason='lost', **PAPERS, **dict(COURIER, delivery_address='天津市和平区南京路1号'))
    rests = world.ctl('flow', 'resume', facts['application'], '--answers', mended, '--ask', world.ask, *RUN)
    assert rests.status == RESTING and rests.json['step'] == 'review', rests
    assert certificates()[facts['old']]['state'] == 'on-hold'
    shown = show(facts['application'])
    assert [row['what'] for row in shown['history']].count('paid') == 1, shown['history']


@case
def made_at_the_ca_the_old_one_is_revoked_and_the_new_one_ends_with_it():
    cards.insert(1)
    made = make(facts['application'])
    assert made['token'] != facts['old-medium'] and made['certificate'] != facts['old'], made
    seen = certificates()
    assert seen[facts['old']]['state'] == 'revoked' and seen[made['certificate']]['state'] == 'installed'
    assert seen[made['certificate']]['not-after'] == seen[facts['old']]['not-after']
    assert what_ca_says.crl_says(world, facts['old']) == 'Key Compromise'
    assert 'keyCompromise' in what_ca_says.ocsp_says(world, facts['old'])
    assert 'good' in what_ca_says.ocsp_says(world, made['certificate'])
    facts['new'] = made['certificate']


@case
def the_new_key_is_sent_and_its_holder_sees_how():
    world.expect(0, 'staff', 'send', facts['application'], '顺丰速运', 'SF0987654321')
    shown = world.expect(0, 'delivery', 'show', facts['application'], '--json').json
    assert shown['state'] == 'sent' and shown['medium'] == cards.show(1)['serial'] and '南京路' in shown['place'], shown
    done = resume(facts['application'])
    assert done.status == 0 and done.json['state'] == 'done', done
    due = [row['application'] for row in world.expect(0, 'invoice', 'list', '--state', 'due', '--json').json['items']]
    assert facts['application'] in due, due


@case
def a_key_that_turns_up_again_is_left_alone():
    """Withdrawn, the money goes back and the key is good again."""
    broken = world.answers('broken.json', replacement_reason='broken', **PAPERS, **COURIER)
    rests = world.expect(RESTING, 'flow', 'run', REPLACE, '--certificate', facts['new'], '--answers', broken, '--ask', world.ask, *RUN)
    application = pay(rests).json['application']
    assert certificates()[facts['new']]['state'] == 'on-hold'
    world.expect(0, 'application', 'withdraw', application)
    assert certificates()[facts['new']]['state'] == 'installed' and what_ca_says.crl_says(world, facts['new']) == 'good'
    refund, = show(application)['refunds']
    assert (refund['fen'], refund['reason']) == (10000, 'withdrawn'), refund


@case
def the_equipment_ends_well():
    assert world.close() == 0
    cards.close()


finish()
