#!/usr/bin/python3
"""Every business about a certificate that is on a USB key, run to its end in the terminal on a virtual card: change of handler, change
of data, replacement on another key, revocation. Every other row by turns, all of them with --long."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ['CERTHALL_SOURCE_ROOT'], 'tests', 'sweep'))
from key_world import KeyWorld, read_profile  # noqa: E402
from cli_world import RESTING, case, finish  # noqa: E402
import what_ca_says  # noqa: E402

ROWS = [(subject, settlement) for subject in ('enterprise', 'legal-person', 'person') for settlement in ('self-pay', 'enterprise-pay')]
CHOSEN = ROWS if os.environ.get('CERTHALL_LONG') else [ROWS[0], ROWS[3], ROWS[4]]
NEW_MOBILE = '13900139000'
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
NEW_NAMES = {'enterprise': {'unit_name': '天津市滨海数字认证更名单位'}, 'legal-person': {'legal_person_name': '孙七'},
             'person': {'person_unit': '月亮科技'}}
PAPERS = {'licence': 'licence.png', 'legal_person_id': 'handler.png', 'person_id': 'handler.png', 'handler_id': 'handler.png',
          'bundle': 'bundle.zip', 'handler_letter': 'licence.png', 'revocation_form': 'licence.png', 'replacement_form': 'licence.png'}
BUSINESSES = ('apply', 'change-handler', 'change', 'replace', 'revoke')

shipped = read_profile()
flows = ['%s.%s.ukey.%s' % (business, *row) for business in BUSINESSES for row in ROWS]
projects = [dict(row, medium='ukey') for row in shipped['projects'] if row['medium'] == 'soft']
# The keys are the applicants’ own: that those of the CA are made at the CA is looked at elsewhere
world = KeyWorld(flows=flows, projects=projects, replacing=shipped['replacing'], made_here=[],
                 limits=dict(shipped['limits'], **{'sms-again': 0}))
cards = world.cards
world.register()
ask = what_ca_says.make_ask_for(world, NEW_MOBILE)
state = {}


def certificates():
    return what_ca_says.certificates(world)


def run_to_end(flow, answers, *words):
    path = world.answers('answers.json', **PAPERS, **answers)
    outcome = world.ctl('flow', 'run', flow, '--answers', path, *words, *world.run_words)
    while outcome.status == RESTING and outcome.json['step'] in ('pay', 'review'):
        rests = outcome.json
        if rests['step'] == 'pay':
            world.demo('orders/%s/pay' % rests['order'], {})
        else:
            world.demo('applications/%s/review' % rests['application'], {})
        outcome = world.ctl('flow', 'resume', rests['application'], '--answers', path, *world.run_words)
    assert outcome.status == 0 and outcome.json['state'] == 'done', outcome
    return outcome.json


def run(business, row, answers, *words):
    return run_to_end('%s.%s.ukey.%s' % (business, *row), answers, *words)


def take_a_new_key():
    if cards.show()['inserted']:
        cards.remove()
    cards.ask('blank')
    cards.insert()
    cards.initialise()


def do_row(row):
    """All that can be done about one certificate, one after the other."""
    take_a_new_key()
    first = run('apply', row, dict(DATA[row[0]], **PLACE, **HANDLER))['certificate']
    end = certificates()[first]['not-after']

    cards.remove()
    run('change-handler', row, {'handler_name': '赵六', 'handler_mobile': NEW_MOBILE}, '--certificate', first)
    assert certificates()[first]['state'] == 'installed'
    cards.insert()

    second = run('change', row, NEW_NAMES[row[0]], '--certificate', first)['certificate']
    assert world.count_objects() == (1, 1) and world.check_works(second) == 'installed'
    assert certificates()[second]['not-after'] == end and what_ca_says.crl_says(world, first) == 'Superseded'

    take_a_new_key()
    third = run('replace', row, {'replacement_reason': 'lost'}, '--certificate', second, '--ask', ask)['certificate']
    assert world.count_objects() == (1, 1) and world.check_works(third) == 'installed'
    assert certificates()[third]['not-after'] == end and what_ca_says.crl_says(world, second) == 'Key Compromise'

    cards.remove()
    run('revoke', row, {'revocation_reason': 'cessation'}, '--certificate', third, '--ask', ask)
    assert certificates()[third]['state'] == 'revoked' and 'cessationOfOperation' in what_ca_says.ocsp_says(world, third)


@case
def every_row_is_offered_and_known():
    known = {row['id'] for row in world.expect(0, 'flow', 'list', '--json').json['items']}
    assert set(flows) <= known, set(flows) - known


for chosen in CHOSEN:
    def about(row=chosen):
        do_row(row)
    about.__name__ = 'about_the_certificate_of_' + '_'.join(chosen).replace('-', '_')
    case(about)


@case
def the_equipment_ends_well():
    assert world.close() == 0


finish()
