#!/usr/bin/python3
"""`meson install` puts everything in its place, and nothing that is for developers or for trying out."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from tap import BUILD, ROOT, case, finish

# Below the prefix
FILES = {
    'bin/certhall',
    'bin/certhallctl',
    'bin/certhalld',
    'lib/systemd/system/certhalld.service',
    'lib/systemd/user/certhall-reminders.service',
    'lib/systemd/user/certhall-reminders.timer',
    'lib/sysusers.d/certhalld.conf',
    'share/applications/org.certhall.Certhall.desktop',
    'share/bash-completion/completions/certhallctl',
    'share/bash-completion/completions/certhalld',
    'share/certhall/doc/failures.en.md', 'share/certhall/doc/failures.zh_CN.md',
    'share/certhall/profiles/binhai.json', 'share/certhall/profiles/binhai/replacement-documents.pdf',
    'share/certhall/profiles/binhai/replacement-form.pdf', 'share/certhall/profiles/binhai/seal-sample-sheet.pdf',
    'share/certhall/regions.tsv', 'share/certhall/envcheck-report.schema.json',
    'share/dbus-1/services/org.certhall.Certhall.service',
    'share/glib-2.0/schemas/org.certhall.Certhall.gschema.xml',
    'share/icons/hicolor/scalable/apps/org.certhall.Certhall.svg',
    'share/icons/hicolor/symbolic/apps/org.certhall.Certhall-symbolic.svg',
    'share/locale/zh_CN/LC_MESSAGES/certhall.mo',
    'share/man/man1/certhall.1',
    'share/man/man1/certhallctl.1',
    'share/man/man8/certhalld.8',
    'share/man/zh_CN/man1/certhall.1',
    'share/man/zh_CN/man1/certhallctl.1',
    'share/metainfo/org.certhall.Certhall.metainfo.xml',
}
# Whatever other helpers our programs start
HELPERS = re.compile(r'libexec/certhall/certhall-[a-z-]+$')

place = pathlib.Path(tempfile.mkdtemp(prefix='certhall-install-'))
subprocess.run(['meson', 'install', '-C', str(BUILD), '--no-rebuild', '--quiet', '--destdir', str(place)], check=True,
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
prefix = place / 'usr' / 'local'


def find_misplaced():
    found = {path.relative_to(prefix).as_posix() for path in prefix.rglob('*') if path.is_file()}
    settings = {'etc/default/certhalld'}
    for name in sorted(FILES | settings):
        if name not in found:
            yield '%s is not installed' % name
    for name in sorted(found - FILES - settings):
        if not HELPERS.match(name):
            yield '%s is installed' % name
    for path in prefix.rglob('*demo*'):
        yield '%s is for trying out' % path.name
    for path in place.rglob('*'):
        if path.is_file() and prefix not in path.parents:
            yield '%s lies beside the prefix' % path


def find_dead():
    """Each program says its version, and the terminal speaks Chinese from where its translations are."""
    for name in ('certhall', 'certhallctl', 'certhalld'):
        result = subprocess.run([str(prefix / 'bin' / name), '--version'], capture_output=True, text=True, check=False,
                                env=dict(os.environ, GTK_A11Y='none'))
        if result.returncode != 0 or name not in result.stdout or not re.search(r'\d\.\d', result.stdout):
            yield '%s --version: %d %s%s' % (name, result.returncode, result.stdout, result.stderr)
    result = subprocess.run([str(prefix / 'bin' / 'certhallctl'), '--help'], capture_output=True, text=True, check=False,
                            env=dict(os.environ, LANGUAGE='zh_CN',
                                     CERTHALL_LOCALE_DIR=str(prefix / 'share' / 'locale')))
    if not re.search('[\u3400-\u9fff]', result.stdout):
        yield 'certhallctl speaks no Chinese'


def find_unknown_ca():
    """A PC is set up for its CA by one file; the user's own comes first, and what it names begins where it lies."""
    folders = {name: place / name / 'certhall' for name in ('user', 'pc')}
    for name, folder in folders.items():
        folder.mkdir(parents=True)
        (folder / 'hall.pem').write_text('no certificate of %s' % name, encoding='utf-8')
    env = {name: value for name, value in os.environ.items() if name not in ('CERTHALL_SERVER', 'CERTHALL_TRUST')}
    env.update(XDG_CONFIG_HOME=str(place / 'user'), CERTHALL_CONFIG_DIR=str(folders['pc']), XDG_RUNTIME_DIR=str(place))

    def ask():
        result = subprocess.run([str(prefix / 'bin' / 'certhallctl'), 'flow', 'list'], capture_output=True, text=True, check=False,
                                env=env)
        return result.stdout + result.stderr

    if '--server and --trust are needed' not in ask():
        yield 'without the file: ' + ask()
    for name in ('pc', 'user'):
        (folders[name] / 'ca.conf').write_text('[CA]\nServer=https://127.0.0.1:1\nTrust=hall.pem\n', encoding='utf-8')
        if str(folders[name] / 'hall.pem') not in ask():
            yield 'with the file of the %s: %s' % (name, ask())


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return [] if result.returncode == 0 else (result.stdout + result.stderr).splitlines() or [str(result.returncode)]


def find_wrong_unit():
    """systemd reads the unit without a word, and finds little that the service may do."""
    unit = place / 'certhalld.service'
    text = (prefix / 'lib/systemd/system/certhalld.service').read_text(encoding='utf-8')
    unit.write_text(text.replace('/usr/local/bin', str(prefix / 'bin')).replace('man:certhalld(8)', 'https://certhall.org'),
                    encoding='utf-8')
    yield from run('systemd-analyze', 'verify', '--man=no', '--recursive-errors=no', str(unit))
    yield from run('systemd-analyze', 'security', '--offline=true', '--threshold=20', '--no-pager', str(unit))
    # What each user may switch on
    for name in ('certhall-reminders.service', 'certhall-reminders.timer'):
        own = place / name
        text_of_user = (prefix / 'lib/systemd/user' / name).read_text(encoding='utf-8')
        own.write_text(text_of_user.replace('/usr/local/bin', str(prefix / 'bin')), encoding='utf-8')
    yield from run('env', 'XDG_RUNTIME_DIR=%s' % place, 'systemd-analyze', 'verify', '--user', '--man=no', '--recursive-errors=no', str(place / 'certhall-reminders.timer'))
    if 'LoadCredential=certhalld-key:' not in text:
        yield 'the passphrase of the keys is not handed over'
    users = (prefix / 'lib/sysusers.d/certhalld.conf').read_text(encoding='utf-8')
    if 'User=%s' % users.split()[1] not in text:
        yield 'it runs as another user than is made'


def find_wrong_desktop():
    desktop = prefix / 'share/applications/org.certhall.Certhall.desktop'
    text = desktop.read_text(encoding='utf-8')
    yield from run('desktop-file-validate', str(desktop))
    yield from run('appstreamcli', 'validate', '--no-net', '--no-color',
                   str(prefix / 'share/metainfo/org.certhall.Certhall.metainfo.xml'))
    # An action that the program lacks would be offered and do nothing
    source = (ROOT / 'src' / 'ui' / 'ch-app.c').read_text(encoding='utf-8')
    for action in re.search('^Actions=(.*);$', text, re.MULTILINE)[1].split(';'):
        if '{ .name = "%s"' % action not in source:
            yield 'there is no action %s' % action
        if '[Desktop Action %s]' % action not in text:
            yield '%s is not described' % action
    service = (prefix / 'share/dbus-1/services/org.certhall.Certhall.service').read_text(encoding='utf-8')
    if 'DBusActivatable=true' in text and 'Exec=/usr/local/bin/certhall --gapplication-service' not in service:
        yield 'the bus would start something else'


def find_missing_icons():
    """Each symbolic icon that a page names comes along; GTK brings one of its own."""
    shipped = (ROOT / 'src/ui/icons/icons.gresource.xml').read_text(encoding='utf-8')
    for path in sorted((ROOT / 'src').rglob('*')):
        if path.suffix in ('.c', '.ui', '.css', '.h'):
            for name in re.findall(r'"([a-z][a-z0-9-]*-symbolic)"|>([a-z][a-z0-9-]*-symbolic)<', path.read_text(encoding='utf-8')):
                icon = name[0] or name[1]
                if '>%s.svg<' % icon not in shipped and icon != 'caps-lock-symbolic':
                    yield '%s names %s, which is not in src/ui/icons' % (path.name, icon)


case('places', find_misplaced())
case('programs', find_dead())
case('ca', find_unknown_ca())
case('unit', find_wrong_unit())
case('desktop', find_wrong_desktop())
case('icons', find_missing_icons())
shutil.rmtree(place)
finish()
