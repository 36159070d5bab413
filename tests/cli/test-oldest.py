#!/usr/bin/python3
"""A CA that accepts newer programs only: this one says so and what to do, in the middle of a business too, and nothing is lost: an updated
one goes on where this one stopped."""

from cli_world import RESTING, World, case, finish

world = World()
world.make_documents()
PERSON = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
          'handler_mobile': '13800138000'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q', 'term': 'two-years', 'province': '天津市', 'city': '和平区'}
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')
OLD = 63
state = {}


def serve(*options):
    world.kill_server()
    world.serve = options
    world.start_server()


@case
def begun_with_a_program_that_is_accepted():
    serve('--oldest-program', '0.0.1')
    account = world.answers('account.json', user_name='zhang-san', **PERSON)
    world.expect(0, 'account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents',
                 '--ask', world.ask)
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file', world.dir / 'password')
    rests = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.enterprise-pay', '--answers', world.answers('unit', **UNIT), *RUN)
    state['application'] = rests.json['application']


@case
def too_old_it_says_so():
    serve('--oldest-program', '99.0')
    told = world.expect(OLD, 'flow', 'resume', state['application'], '--no-input', env={'LANGUAGE': 'en'}).err
    assert 'The program is too old for this CA' in told and 'program-old' in told and 'nothing that is kept on this PC is lost' in told, told
    assert world.expect(OLD, 'application', 'list', '--json').json['error'] == 'program-old'


@case
def the_check_tells_the_same():
    outcome = world.ctl('envcheck', '--json', '--only', 'program', '--only', 'entry')
    row = next(row for row in outcome.json['checks'] if row['id'] == 'program')
    assert row['state'] == 'failed' and row['action'] == 'copy-command', row


@case
def what_was_begun_goes_on():
    serve()
    papers = world.answers('papers', licence='licence.png', handler_id='handler.png', bundle='bundle.zip', **PERSON,
                           handler_email='zhang.san@example.com')
    rests = world.expect(RESTING, 'flow', 'resume', state['application'], '--answers', papers, *RUN)
    assert rests.json['step'] == 'review', rests


assert world.close() == 0
finish()
