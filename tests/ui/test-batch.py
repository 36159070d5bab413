#!/usr/bin/python3
"""Many applications from a sheet, in the window: what is wrong is shown by row and column, corrected and checked again; then all
are signed for once and sent, and the result is saved."""

import csv
import os
import pathlib
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import Demo, T, Window, active_window, make_documents, until  # noqa: E402
from terminal import DOCUMENTS, ENTERPRISE_PAY, Terminal  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])
folder = HOME / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
application = terminal.begin(ENTERPRISE_PAY, terminal.unit, DOCUMENTS, terminal.handler)
demo.review(application)
terminal.go_on(application, status=0)
FIELDS = {'term': 'one-year', 'province': '天津市', 'city': '和平区', **terminal.handler}
PEOPLE = [('王五', '110101199003074258'), ('赵六', '11010519491231002X')]
TITLE = 'Many applications at once'
SHEET = folder / 'people.csv'


def write(mobile):
    rows = [dict(FIELDS, **{'person-name': name, 'person-document-number': number, 'person-mobile': mobile,
                            'person-id': 'handler.png', 'bundle': 'bundle.zip'}) for name, number in PEOPLE]
    with open(SHEET, 'w', encoding='gb18030', newline='') as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


write('123')
window = Window(demo)


@case
def the_home_page_leads_there():
    window.press('%s %s' % (T('Show'), T(TITLE)))
    until('the window', lambda: active_window() == T(TITLE))
    window.find('heading', T(TITLE))


@case
def the_template_is_saved():
    # people come first
    window.wait_text('%s · %s' % (T('New personal certificate'), 'RA test (key accounts)'))
    window.press(T('Save the template…'))
    window.save_file(T('Save the template'), HOME / 'template.csv')
    window.wait_text(T('Saved: %s') % 'template.csv')
    assert '(person-document-number)' in (HOME / 'template.csv').read_text(encoding='utf-8-sig')


@case
def what_is_wrong_is_told_by_row_and_column():
    window.press(T('Choose the sheet…'))
    window.open_file(T('Choose the sheet'), SHEET)
    window.find('heading', '2 cells are wrong')
    window.wait_text('Row 2 (line 3), column “Mobile number of the person”', exact=False)
    assert len(terminal.list()) == 1


@case
def corrected_and_checked_again_it_may_be_sent():
    write('13900000000')
    window.press(T('Check again'))
    window.find('heading', '2 applications, and nothing is wrong')
    window.wait_text('1 · 王五 · %s' % T('Not sent yet'))


@case
def one_signature_sends_all():
    window.press(T('Sign and send…'))
    window.type_secret(T('PIN or passphrase'), SECRETS['passphrase'])
    window.keys('Return')
    window.find('heading', T('%1$u of %2$u rows are sent.').replace('%1$u', '2').replace('%2$u', '2'))
    made = [one for one in terminal.list() if one['id'] != application]
    assert [one['state'] for one in made] == ['submitted'] * 2, made


@case
def the_result_is_saved():
    window.press(T('Save the result…'))
    window.save_file(T('Save the result'), HOME / 'result.csv')
    text = (HOME / 'result.csv').read_text(encoding='utf-8-sig')
    assert text.count('"Sent for review"') == 2, text


@case
def the_program_is_well():
    check_program(window, SECRETS.values())


finish(window, demo)
