#!/usr/bin/python3
"""Every row of the businesses that are about a certificate, run to its end in the terminal: for each kind of certificate and
settlement one is made, and everything that can be done about it is done, one after the other."""

import base64
import json
import subprocess

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
          'bundle': 'bundle.zip', 'handler_letter': 'licence.png'}
NEW_MOBILE = '13900139000'
# What is answered anew in each of them
CHANGES = {'change-handler': {'handler_name': '赵六', 'handler_mobile': NEW_MOBILE}}
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
    return {row['serial']: row for row in world.expect(0, 'cert', 'list', '--json').json['items']}


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
def secrets_are_seen_nowhere():
    assert PASSWORD not in '\n'.join(world.seen)


assert world.close() == 0
finish()
