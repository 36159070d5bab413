#!/usr/bin/python3
"""Every row of the catalogue whose medium is a phone, run to its end in the terminal; the phone is a real browser. For each kind of
certificate and settlement one is put on the phone, and everything that can be done about it is done, one after the other. These rows
are walked here and, in the window, by test-window.py: no other test of rows has a phone at hand."""

import json
import sys

sys.dont_write_bytecode = True
from browser import Browser  # noqa: E402
from phone_world import PhoneWorld, Shown, case, finish  # noqa: E402
from cli_world import RESTING  # noqa: E402
import what_ca_says  # noqa: E402

MOBILE, NEW_MOBILE, PIN = '13800138000', '13900139000', '271828'
SUBJECTS, SETTLEMENTS = ('enterprise', 'legal-person', 'person'), ('self-pay', 'enterprise-pay')
PROJECTS = {'self-pay': 'ra-test-phone', 'enterprise-pay': 'ra-test-phone-key-account'}
HANDLER = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
           'handler_mobile': MOBILE, 'handler_email': 'zhang.san@example.com'}
PLACE = {'term': 'one-year', 'province': '天津市', 'city': '和平区'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q'}
DATA = {
    'enterprise': UNIT,
    'legal-person': dict(UNIT, legal_person_name='李四', legal_person_document_kind='passport',
                         legal_person_document_number='E12345678'),
    'person': {'person_name': '王五', 'person_document_kind': 'resident-id', 'person_document_number': '11010519491231002X',
               'person_mobile': '13800138003', 'person_unit': '星星科技'},
}
NEW_NAMES = {'enterprise': {'unit_name': '天津市滨海数字认证更名单位'}, 'legal-person': {'legal_person_name': '孙七'},
             'person': {'person_unit': '月亮科技'}}
PAPERS = {'licence': 'licence.png', 'legal_person_id': 'handler.png', 'person_id': 'handler.png', 'handler_id': 'handler.png',
          'bundle': 'bundle.zip', 'handler_letter': 'licence.png', 'revocation_form': 'licence.png'}

world = PhoneWorld()
phone = Browser(world.trust)
world.make_documents()
world.register('zhang-san', MOBILE)
world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')
OFFERED = [flow for flow in json.loads((world.ca / 'profile.json').read_text(encoding='utf-8'))['flows'] if '.phone.' in flow]
state, walked = {}, set()


def certificates():
    return what_ca_says.certificates(world)


def rest_at(step, flow, answers, *words):
    """Runs a flow until it rests at a step, past payment and review, which others see to."""
    path = world.answers('answers.json', **PAPERS, **answers)
    walked.add(flow)
    outcome = world.ctl('flow', 'run', flow, '--answers', path, '--no-input', '--json', *words)
    while outcome.status == RESTING and outcome.json['step'] in ('pay', 'review') and outcome.json['step'] != step:
        rests = outcome.json
        if rests['step'] == 'pay':
            world.demo('orders/%s/pay' % rests['order'], {})
        else:
            world.demo('applications/%s/review' % rests['application'], {})
        outcome = world.ctl('flow', 'resume', rests['application'], '--answers', path, '--no-input', '--json')
    if step is None:
        assert outcome.status == 0 and outcome.json['state'] == 'done', outcome
    else:
        assert outcome.status == RESTING and outcome.json['step'] == step, outcome
    return outcome.json


def install(application):
    """What the phone does for it; the terminal goes on by itself."""
    shown = Shown(world, 'flow', 'resume', application)
    phone.scan(shown.read()['address'])
    phone.await_heading('把证书安装到这部手机')
    if 'known' not in state:
        phone.type('pin-new', PIN)
        phone.type('pin-again', PIN)
        phone.press('send-code')
        phone.until('document.querySelector(".sent")')
        phone.type('sms-code', world.sms(MOBILE))
        state['known'] = True
    else:
        phone.type('pin', PIN)
    phone.press('go')
    phone.await_heading('证书已安装到这部手机')
    done = shown.read_last()
    status, err = shown.end()
    assert status == 0 and done['state'] == 'done', (done, err)
    return done['certificate']


def kept():
    """Names of the certificates the phone offers."""
    phone.scan(world.url + '/phone/')
    return phone.run('Array.from(document.querySelectorAll("dd"), (item) => item.textContent)')


def make_case(subject, settlement):
    def walk():
        flow = lambda business: '%s.%s.phone.%s' % (business, subject, settlement)  # noqa: E731
        rests = rest_at('phone', flow('apply'), dict(DATA[subject], **PLACE, **HANDLER, project=PROJECTS[settlement]))
        first = install(rests['application'])
        assert certificates()[first]['state'] == 'installed'
        end, names = certificates()[first]['not-after'], kept()

        rest_at(None, flow('change-handler'), {'handler_name': '赵六', 'handler_mobile': NEW_MOBILE}, '--certificate', first)
        assert certificates()[first]['state'] == 'installed' and len(kept()) == len(names)

        rests = rest_at('phone', flow('change'), NEW_NAMES[subject], '--certificate', first)
        assert certificates()[first]['state'] == 'installed'
        second = install(rests['application'])
        assert certificates()[second]['not-after'] == end and certificates()[first]['state'] == 'revoked'
        assert what_ca_says.crl_says(world, first) == 'Superseded'
        # The old one is offered no longer, the new one stands first
        assert len(kept()) == len(names) and kept()[0] == certificates()[second]['name'], kept()

        ask = what_ca_says.make_ask_for(world, NEW_MOBILE)
        rest_at(None, flow('revoke'), {'revocation_reason': 'key-compromise'}, '--certificate', second, '--ask', ask)
        assert certificates()[second]['state'] == 'revoked' and what_ca_says.crl_says(world, second) == 'Key Compromise'
    walk.__name__ = 'every_business_of_%s_%s' % (subject, settlement)
    case(walk)


for subject in SUBJECTS:
    for settlement in SETTLEMENTS:
        make_case(subject, settlement)


@case
def no_row_was_left_out():
    assert set(OFFERED) == walked and len(walked) == 24, set(OFFERED) ^ walked


phone.close()


@case
def the_server_ends_well():
    assert world.close() == 0


finish()
