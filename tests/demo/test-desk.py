#!/usr/bin/python3
"""The demonstration desk, driven by roles and names: the SMS is read off it, the payment made, the review refused with a reason and
then approved; the applicant, at a terminal, sees each of it."""

import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'ui'), str(HERE.parent / 'cli')]
from cli_world import RESTING, World, case, finish  # noqa: E402
from stage import BUILD, PROGRAMS, Atspi, Late, T, Window, until  # noqa: E402

RUN = ('--no-input', '--json')
REASON = 'Not as on the licence'


class Desk(Window):
    NAME = 'certhall-demo-desk'

    def __init__(self, world):
        self.log_path = world.dir / 'desk.log'
        self.log = open(self.log_path, 'w', encoding='utf-8')
        self.process = subprocess.Popen(
            [PROGRAMS / self.NAME, '--server', world.url, '--trust', world.trust, '--demo-token', world.ca / 'demo-token'],
            stdout=self.log, stderr=self.log, env=dict(
                os.environ, CERTHALL_LOCALE_DIR=str(BUILD / 'po'), GTK_A11Y='atspi', G_DEBUG='', HOME=os.environ['TEST_HOME'],
                ASAN_OPTIONS='detect_leaks=0'))
        Atspi.init()
        self.root = until('the desk on the accessibility bus', self._find_root)

    def _find_root(self):
        if self.process.poll() is not None:
            raise Late('the desk ended: ' + self.read_log())
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application is not None and application.get_name() == self.NAME and application.get_child_count() > 0:
                Atspi.Accessible.set_cache_mask(application, Atspi.Cache.NONE)
                return application
        return None

    def find_code(self):
        """The button that copies it is named after it."""
        return until('a code', lambda: next((node.get_name() for node in self.walk() if node.get_role_name() == 'push button'
                                             and (node.get_name() or '').isdigit()), None))


world = World()
world.make_documents()
PERSON = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
          'handler_mobile': '13800138000'}
UNIT = '天津市滨海数字认证测试单位'
account = world.answers('account.json', user_name='zhang-san', **PERSON)
answers = world.answers('answers.json', unit_name=UNIT, unit_code='91120116MA06TEA10Q', term='one-year', province='天津市',
                        city='和平区', licence='licence.png', handler_id='handler.png', bundle='bundle.zip',
                        handler_email='zhang.san@example.com', **PERSON)
desk = Desk(world)
state = {}


@case
def nothing_waits_at_first():
    for text in ('No message yet', 'Nothing to pay', 'Nothing goes back', 'Nothing to review'):
        desk.wait_text(T(text))


@case
def the_sms_is_shown():
    register = ('account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents')
    world.expect(RESTING, *register, '--no-input')
    code = desk.find_code()
    desk.wait_text('验证码 %s' % code, exact=False)
    script = world.write('code', '#!/bin/sh\n[ "$1" = sms-code ] && echo %s\n' % code)
    os.chmod(script, 0o700)
    world.expect(0, *register, '--ask', script)
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')


@case
def the_payment_is_made():
    outcome = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.self-pay', '--answers', answers, *RUN)
    assert outcome.json['step'] == 'pay', outcome
    state['application'] = outcome.json['application']
    desk.wait_text('300.00', exact=False)
    desk.press(T('Pay'))
    desk.wait_text(T('Nothing to pay'))
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], '--answers', answers, *RUN)
    assert outcome.json['step'] == 'review', outcome


@case
def the_review_is_refused_with_a_reason():
    desk.wait_text(UNIT)
    desk.press(T('Refuse…'))
    desk.fill(T('Reason'), REASON)
    # A dialog's buttons say it twice
    desk.press('%s %s' % (T('Refuse'), T('Refuse')))
    desk.wait_text(T('Nothing to review'))
    shown = world.ctl('application', 'show', state['application'])
    assert REASON in shown.out + shown.err, shown


@case
def the_review_is_approved():
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], *RUN)
    assert outcome.json['field'] != 'review', outcome
    field = outcome.json['field'].replace('-', '_')
    mended = world.answers('mended.json', **{field: UNIT + '二' if field == 'unit_name' else 'x'})
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], '--answers', mended, *RUN)
    assert outcome.json['field'] == 'review', outcome
    desk.wait_text(UNIT + '二')
    desk.press(T('Approve'))
    desk.wait_text(T('Nothing to review'))
    outcome = world.expect(0, 'flow', 'resume', state['application'], '--pin-file', world.dir / 'pin', *RUN)
    assert outcome.json['state'] == 'done', outcome


@case
def money_goes_back():
    outcome = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.self-pay', '--answers', answers, *RUN)
    desk.press(T('Pay'))
    desk.wait_text(T('Nothing to pay'))
    world.expect(0, 'application', 'withdraw', outcome.json['application'])
    row = '%s · %s' % (T('The application was withdrawn'), T('Being checked'))
    desk.wait_text('%s · wechat' % (T('%s yuan') % '300.00'))
    desk.wait_text(row)
    desk.press(T('Pay back'), exact=False)
    desk.wait_text(T('Nothing goes back'))
    refund, = world.expect(0, 'application', 'show', outcome.json['application'], '--json').json['refunds']
    assert refund['state'] == 'done' and refund['fen'] == 30000, refund


@case
def it_leaves_no_core():
    limits = pathlib.Path('/proc/%d/limits' % desk.process.pid).read_text(encoding='utf-8')
    line = next(line for line in limits.splitlines() if line.startswith('Max core file size'))
    assert line.split()[4] in ('0', '1'), line


desk.close()
status = world.close()


@case
def the_server_ends_in_order():
    assert status == 0, status


finish()
