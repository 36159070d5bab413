#!/usr/bin/python3
"""shots.py [FOLDER]: pictures of every page in both languages, light and dark, wide and narrow, and a contact sheet of them in
data/screenshots/. Checks that the QR code in each picture of the pay page says what the server issued.

The window is walked through once a language; at each page it is resized and its style changed while it runs."""

import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

from camera import SIZES, STYLES, Camera, run  # noqa: E402
from shots_keys import KEY_PAGES, walk_keys  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = ('zh_CN', 'en')
# In the order of the contact sheet
PAGES = ('home-new', 'login', 'register', 'home-empty', 'choose', 'subject', 'subject-error', 'documents', 'handler', 'pay', 'submit',
         'waiting', 'passphrase', 'installing', 'result', 'home', 'certificates', 'certificate', 'applications', 'application',
         'refused', 'home-due', 'needs', 'projects', 'downloads', 'check', 'batch', 'verify', 'account', 'preferences')


def check_codes(pictures, code):
    for picture in pictures:
        read = run('zbarimg', '--quiet', '--raw', picture).strip()
        if read != code:
            sys.exit('%s says %s and not %s' % (picture.name, read, code))
    print('the QR codes of %d pictures say %s' % (len(pictures), code), flush=True)


def walk(folder, language):
    """Inside a display of its own."""
    from path import UNIT, Path, project
    from stage import Demo, T, Window, active_window, until

    os.environ['GSETTINGS_BACKEND'] = 'keyfile'
    camera = Camera(folder, language)
    demo = Demo()
    window = Window(demo, environment={'ADW_DISABLE_PORTAL': '1'})
    taken = {}

    def at(page):
        if page.endswith('-filled'):
            return
        if page != 'installing':
            time.sleep(0.5)
        print(language, page, flush=True)
        taken[page] = camera.take_all(page) if page != 'installing' else [camera.take(page)]

    def at_window(page, title):
        """A window of its own, which is closed again."""
        main = camera.wid
        until('the window ' + title, lambda: active_window() == title)
        camera.wid, camera.variant = run('xdotool', 'getactivewindow').strip(), None
        camera.change(*STYLES[0], *SIZES[0])
        at(page)
        window.keys('alt+F4')
        until('the end of the window ' + title, lambda: active_window() == T('Certhall'))
        camera.wid, camera.variant = main, None
        camera.change(*STYLES[0], *SIZES[0])

    try:
        window.find('push button', T('New certificate'))
        camera.wid = run('xdotool', 'search', '--onlyvisible', '--name', '^%s$' % T('Certhall')).split()[0]
        camera.change(*STYLES[0], *SIZES[0])
        at('home-new')
        window.press(T('What do I need? %s') % T('New certificate'))
        at_window('needs', T('What do I need?'))
        window.press('%s %s' % (T('Show'), T('Projects')))
        at_window('projects', T('Projects'))
        window.press('%s %s' % (T('Show'), T('Downloads')))
        window.find('label', T('Forms and material lists'))
        at_window('downloads', T('Downloads'))
        window.keys('ctrl+e')
        window.find('push button', T('Report…'))
        at_window('check', T('Environment check'))
        path = Path(demo, window, pathlib.Path(os.environ['TEST_HOME']) / 'documents', at=at)
        path.register()
        path.log_in()
        window.find('check box', project('ra-test'), exact=False)
        window.press(T('Home'))
        window.wait_gone('heading', T('Choose the type of certificate'))
        at('home-empty')
        window.press(T('New certificate'))
        path.choose()
        path.fill_subject()
        path.upload()
        path.fill_handler()
        order = path.pay()
        check_codes(taken['pay'], order['attempt']['code'])
        application = path.submit()
        demo.review(application)
        path.choose_passphrase()
        window.find('heading', T('The certificate is installed'))
        at('result')
        window.press(T('Home'))
        window.wait_gone('heading', T('The certificate is installed'))
        window.find('list item', T('Software token'))
        at('home')
        window.press(T('Verify a certificate'))
        at_window('verify', T('Verify certificates'))
        window.keys('F10')
        window.press(T('Account…'), role='menu item')
        at_window('account', T('Account'))
        window.keys('ctrl+comma')
        at_window('preferences', T('Preferences'))
        window.keys('ctrl+2')
        window.find('list item', UNIT['unit-name'])
        at('certificates')
        window.focus(UNIT['unit-name'], 'list item')
        window.keys('Return')
        at('certificate')
        window.keys('ctrl+3')
        window.find('label', T('Done'))
        at('applications')

        # One more, which is refused
        window.keys('ctrl+1')
        window.press('%s %s' % (T('Show'), T('Many applications at once')))
        at_window('batch', T('Many applications at once'))
        path.at = lambda page: None
        window.press(T('New certificate'))
        path.choose('ra-test-key-account')
        path.fill_subject()
        path.upload()
        path.fill_handler()
        application = path.submit()
        demo.review(application, False, [{'field': 'unit-name', 'reason': 'review', 'remark': '与营业执照不一致'},
                                         {'field': 'licence', 'reason': 'review', 'remark': '缺少公章'}])
        window.find('heading', T('The review found mistakes'))
        at('refused')
        window.press(T('Home'))
        window.wait_gone('heading', T('The review found mistakes'))
        window.find('label', T('To do'))
        at('home-due')
        window.keys('ctrl+3')
        window.find('label', T('Refused'))
        at('application')
    except BaseException:
        camera.take('failed') if camera.wid and camera.variant else None
        raise
    finally:
        print(window.read_log())
        window.close()
        demo.close()


def make_sheet(folder, sheet):
    """A row a page, a column a variant; few colours, so that it stays small."""
    variants = ['%s-%s-%s' % (language, style, size) for size, *_ in SIZES for language in LANGUAGES for style, _ in STYLES]
    rows = []
    for page in PAGES + KEY_PAGES:
        row = [folder / ('%s-%s.png' % (page, variant)) for variant in variants]
        if not any(cell.exists() for cell in row):
            continue
        # Row by row: all pictures at once are more than ImageMagick may hold
        rows.append(folder / ('row-%s.png' % page))
        run('montage', *(cell if cell.exists() else 'null:' for cell in row), '-tile', '%dx' % len(variants), '-geometry', '272x188+3+3',
            '-background', '#d0d0d0', '-depth', 8, rows[-1])
    sheet.parent.mkdir(parents=True, exist_ok=True)
    run('convert', *rows, '+repage', '-append', '+repage', sheet)
    run('convert', sheet, '+dither', '-colors', 48, '-define', 'png:compression-level=9', 'PNG8:%s' % sheet)
    print('%s: %d KiB' % (sheet, sheet.stat().st_size // 1024))


def main():
    if sys.argv[1:2] == ['--inside']:  # by itself, see below
        walks = {'pages': walk, 'keys': walk_keys}
        walks[sys.argv[4]](pathlib.Path(sys.argv[2]), sys.argv[3])
        return
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix='certhall-shots.')).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for language, what in itertools.product(LANGUAGES, ('pages', 'keys')):
        subprocess.run([HERE / 'run-in-display.sh', sys.executable, __file__, '--inside', folder, language, what], check=True,
                       env=dict(os.environ, LANGUAGE=language))
    root = pathlib.Path(os.environ.get('CERTHALL_SOURCE_ROOT', HERE.parents[1]))
    make_sheet(folder, root / 'data' / 'screenshots' / 'pages.png')
    print('The pictures are in %s' % folder)


main()
