#!/usr/bin/python3
"""Every row of the businesses that are about a certificate, run to its end in the terminal: for each kind of certificate and
settlement one is made, and everything that can be done about it is done, one after the other."""

import json

import what_ca_says
from cli_world import PASSWORD, RESTING, World, case, finish

world = World()
world.make_documents()
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')
OFFERED = json.loads((world.ca / 'profile.json').read_text(encoding='utf-8'))['flows']
SUBJECTS, SETTLEMENTS = ('enterprise', 'legal-person', 'person'), ('self-pay', 'enterprise-pay')
HANDLER = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
           'handler_mobile': '13800138000', 'handler_email': 'zhang.san@example.com'}
PLACE = {'term': 'one-year', 'province': '天津市', 'city': '和平区'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q'}
DATA = {
    'enterprise': UNIT,
    'legal-person': dict(UNIT, legal_person_name='李四', legal_person_document_kind='passport',
                         legal_person_document_number='E12345678'),
    'person': {'person_name': '王五', 'person_document_kind': 'resident-id', 'person_document_number': '11010519491231002X',
               'person_mobile': '13800138003', 'person_unit': '星星科技'},
}
PAPERS = {'licence': 'licence.png', 'legal_person_id': 'handler.png', 'person_id': 'handler.png', 'handler_id': 'handler.png',
          'bundle': 'bundle.zip', 'handler_letter': 'licence.png', 'revocation_form': 'licence.png'}
NEW_MOBILE = '13900139000'
# What is answered anew in each of them
NEW_NAMES = {'enterprise': {'unit_name': '天津市滨海数字认证更名单位'}, 'legal-person': {'legal_person_name': '孙七'},
             'person': {'person_unit': '月亮科技'}}
CHANGES = {'change-handler': {'handler_name': '赵六', 'handler_mobile': NEW_MOBILE}, 'change': {},
           'revoke': {'revocation_reason': 'key-compromise'}}
state = {}


def log_in():
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file',
                 world.dir / 'password')


def sms(mobile):
    """What came to a phone, the newest last."""
    return [message['text'] for message in world.demo('sms/all')['items'] if message['mobile'] == mobile]


def run_to_end(flow, answers, *words, review=True):
    outcome = world.ctl('flow', 'run', flow, '--answers', answers, *words, *RUN)
    while outcome.status == RESTING:
        rests = outcome.json
        if rests['step'] == 'pay':
            world.demo('orders/%s/pay' % rests['order'], {})
        elif rests['step'] == 'review' and review:
            world.demo('applications/%s/review' % rests['application'], {})
        else:
            break
        outcome = world.ctl('flow', 'resume', rests['application'], '--answers', answers, *RUN)
    return outcome


def make_certificate(subject, settlement):
    answers = world.answers('%s.json' % subject, **DATA[subject], **PLACE, **HANDLER, **PAPERS)
    done = run_to_end('apply.%s.soft.%s' % (subject, settlement), answers)
    assert done.status == 0, done
    return done.json['certificate']


def certificates():
    return what_ca_says.certificates(world)


def crl_says(serial):
    return what_ca_says.crl_says(world, serial)


def ocsp_says(serial):
    return what_ca_says.ocsp_says(world, serial)


def show(application):
    return world.expect(0, 'application', 'show', application, '--json').json


def answers_of(business, **more):
    return world.answers('answers.json', **dict(CHANGES[business], **PAPERS, **more))


@case
def an_account_and_its_certificates():
    account = world.answers('account.json', user_name='zhang-san', **{key: HANDLER[key] for key in list(HANDLER)[:4]})
    world.expect(0, 'account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents',
                 '--ask', world.ask)
    log_in()
    for subject in SUBJECTS:
        for settlement in SETTLEMENTS:
            state[subject, settlement] = make_certificate(subject, settlement)


@case
def nothing_changed_is_refused():
    answers = world.answers('same.json', **PAPERS)
    outcome = world.expect(48, 'flow', 'run', 'change-handler.enterprise.soft.self-pay', '--certificate',
                           state['enterprise', 'self-pay'], '--answers', answers, *RUN)
    assert outcome.json['error'] == 'nothing-changed', outcome
    again = world.expect(48, 'flow', 'run', 'change-handler.enterprise.soft.self-pay', '--certificate',
                         state['enterprise', 'self-pay'], '--answers', answers, *RUN)
    assert again.json['error'] == 'certificate-open', again
    world.expect(0, 'application', 'discard', outcome.json['application'])


@case
def of_another_kind_or_unknown_is_refused():
    wrong = world.expect(34, 'flow', 'run', 'change-handler.person.soft.self-pay', '--certificate',
                         state['enterprise', 'self-pay'], *RUN)
    assert wrong.json['error'] == 'not-offered', wrong
    wrong = world.expect(34, 'flow', 'run', 'change-handler.enterprise.ukey.self-pay', '--certificate',
                         state['enterprise', 'self-pay'], *RUN)
    assert wrong.json['error'] == 'not-offered', wrong
    unknown = world.expect(14, 'flow', 'run', 'change-handler.enterprise.soft.self-pay', '--certificate', 'AB12', *RUN)
    assert unknown.json['error'] == 'not-found', unknown


@case
def the_handler_is_changed_in_every_row():
    world.be_staff('alice')
    for (subject, settlement), serial in list(state.items()):
        flow = 'change-handler.%s.soft.%s' % (subject, settlement)
        assert flow in OFFERED, flow
        rests = run_to_end(flow, answers_of('change-handler'), '--certificate', serial, review=False)
        assert rests.status == RESTING and rests.json['step'] == 'review', rests
        seen = show(rests.json['application'])
        assert seen['before']['handler-mobile'] == '13800138000' and seen['answers']['handler-mobile'] == NEW_MOBILE, seen
        world.expect(0, 'staff', 'approve', rests.json['application'])
        done = world.expect(0, 'flow', 'resume', rests.json['application'], *RUN)
        assert done.json['state'] == 'done', done
        assert show(rests.json['application'])['state'] == 'done'
        assert serial in certificates() and certificates()[serial]['state'] == 'installed'


@case
def the_data_are_changed_in_every_row():
    for (subject, settlement), serial in list(state.items()):
        flow = 'change.%s.soft.%s' % (subject, settlement)
        assert flow in OFFERED, flow
        old = certificates()[serial]
        answers = answers_of('change', **NEW_NAMES[subject])
        rests = run_to_end(flow, answers, '--certificate', serial, review=False)
        assert rests.status == RESTING and rests.json['step'] == 'review', rests
        # Nothing happens to the old one before the new one was proved
        assert certificates()[serial]['state'] == 'installed'
        seen = show(rests.json['application'])
        field, value = list(NEW_NAMES[subject].items())[0]
        field = field.replace('_', '-')
        assert seen['answers'][field] == value and seen['before'][field] != value, seen
        # The handler is the one of now: it was changed above
        assert seen['answers']['handler-mobile'] == NEW_MOBILE, seen
        assert 'order' not in seen, seen
        world.expect(0, 'staff', 'approve', rests.json['application'])
        done = world.expect(0, 'flow', 'resume', rests.json['application'], *RUN)
        assert done.json['state'] == 'done', done
        new = certificates()[done.json['certificate']]
        assert new['not-after'] == old['not-after'] and new['serial'] != serial, (old, new)
        assert certificates()[serial]['state'] == 'revoked' and crl_says(serial) == 'Superseded', crl_says(serial)
        state[subject, settlement] = new['serial']


@case
def revoking_needs_the_code_of_the_handler():
    serial = state['enterprise', 'self-pay']
    rests = world.expect(RESTING, 'flow', 'run', 'revoke.enterprise.soft.self-pay', '--certificate', serial, '--answers',
                         answers_of('revoke'), *RUN)
    assert rests.json['field'] == 'sms-code', rests
    assert certificates()[serial]['state'] == 'installed' and crl_says(serial) == 'good'
    state['revocation'] = rests.json['application']


@case
def on_hold_while_it_is_looked_at():
    serial = state['enterprise', 'self-pay']
    rests = world.expect(RESTING, 'flow', 'resume', state['revocation'], '--answers', answers_of('revoke'), '--ask',
                         what_ca_says.make_ask_for(world, NEW_MOBILE), *RUN)
    assert rests.json['step'] == 'review', rests
    assert certificates()[serial]['state'] == 'on-hold', certificates()[serial]
    assert crl_says(serial) == 'Certificate Hold', crl_says(serial)
    assert 'certificateHold' in ocsp_says(serial), ocsp_says(serial)
    held = world.expect(48, 'flow', 'run', 'change-handler.enterprise.soft.self-pay', '--certificate', serial, *RUN)
    assert held.json['error'] == 'certificate-held', held


@case
def refused_it_is_good_again_and_withdrawn_too():
    serial = state['enterprise', 'self-pay']
    world.expect(0, 'staff', 'refuse', state['revocation'], '--reason', 'revocation-form=No seal')
    assert certificates()[serial]['state'] == 'installed' and crl_says(serial) == 'good'
    assert 'good' in ocsp_says(serial), ocsp_says(serial)
    # Handed in again it is confirmed again
    rests = world.expect(RESTING, 'flow', 'resume', state['revocation'], '--answers', answers_of('revoke'), *RUN)
    assert rests.json['field'] == 'sms-code', rests
    world.expect(0, 'application', 'withdraw', state['revocation'])
    assert certificates()[serial]['state'] == 'installed'


@case
def revoked_in_every_row():
    ask = what_ca_says.make_ask_for(world, NEW_MOBILE)
    for (subject, settlement), serial in [(key, value) for key, value in state.items() if isinstance(key, tuple)]:
        flow = 'revoke.%s.soft.%s' % (subject, settlement)
        assert flow in OFFERED, flow
        done = run_to_end(flow, answers_of('revoke'), '--certificate', serial, '--ask', ask)
        assert done.status == 0 and done.json['state'] == 'done', done
        assert certificates()[serial]['state'] == 'revoked' and crl_says(serial) == 'Key Compromise', crl_says(serial)
        assert 'keyCompromise' in ocsp_says(serial), ocsp_says(serial)
    again = world.expect(40, 'flow', 'run', flow, '--certificate', serial, *RUN)
    assert again.json['error'] == 'certificate-revoked', again


@case
def secrets_are_seen_nowhere():
    assert PASSWORD not in '\n'.join(world.seen)


assert world.close() == 0
finish()
