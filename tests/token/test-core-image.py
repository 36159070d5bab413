#!/usr/bin/python3
"""No PIN is left in what a core image of our processes would hold, once it was used: they are stopped at the moment they end, with
everything still in memory that they did not wipe. Nor is one in any file, in what was printed, or in the process in which the module
ran, once that has ended. That it would be found is shown with one that is left there."""

import ctypes
import os
import pathlib
import re
import select
import signal
import subprocess
import sys

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
sys.path.insert(0, str(ROOT / 'tests' / 'sweep'))
from key_world import KeyWorld  # noqa: E402
from cli_world import CTL, case, finish  # noqa: E402

PTRACE_TRACEME, PTRACE_CONT, PTRACE_SETOPTIONS = 0, 7, 0x4200
PTRACE_O_TRACEEXIT, PTRACE_O_EXITKILL, PTRACE_EVENT_EXIT = 0x40, 0x100000, 6
# None of them is part of anything else there is
PIN, NEXT_PIN, PLANTED = '918273645501', '807164293355', '273918465520'
# No allocator maps more than that in one piece; what does is the sanitizer’s own
LIMIT = 1 << 30
libc = ctypes.CDLL(None, use_errno=True)


def ptrace(request, pid, data=0):
    if libc.ptrace(ctypes.c_long(request), ctypes.c_long(pid), None, ctypes.c_void_p(data)) != 0:
        raise OSError(ctypes.get_errno(), 'ptrace')


def read_image(pid):
    """What a core image of the process would hold: everything that is mapped and not left out of it."""
    image, part = [], None
    smaps = pathlib.Path('/proc/%d/smaps' % pid).read_text(encoding='utf-8', errors='replace')
    with open('/proc/%d/mem' % pid, 'rb', buffering=0) as memory:
        for line in smaps.splitlines():
            head = re.match(r'([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)', line)
            if head:
                part = int(head[1], 16), int(head[2], 16), head[3], head[4]
            elif line.startswith('VmFlags:') and part[2].startswith('r') and ' dd' not in line and not part[3].startswith('[v'):
                assert part[1] - part[0] < LIMIT, part
                memory.seek(part[0])
                image.append(memory.read(part[1] - part[0]))
    assert image
    return image


def holds(image, text):
    return any(text.encode() in part for part in image)


def run_to_the_end(*words, env=None):
    """Runs it. Returns how it ended, and its image when it did so: after everything it does, before anything is given back."""
    out = open(world.dir / 'printed', 'wb+')
    # Its search for leaks is a ptrace of its own
    options = os.environ['ASAN_OPTIONS'].replace('detect_leaks=1', 'detect_leaks=0')
    process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                               env=dict(world.env, ASAN_OPTIONS=options, **(env or {})), preexec_fn=lambda: ptrace(PTRACE_TRACEME, 0))
    assert os.WIFSTOPPED(os.waitpid(process.pid, 0)[1])
    ptrace(PTRACE_SETOPTIONS, process.pid, PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL)
    ptrace(PTRACE_CONT, process.pid)
    image = None
    while True:
        status = os.waitpid(process.pid, 0)[1]
        if not os.WIFSTOPPED(status):
            break
        is_end = status >> 16 == PTRACE_EVENT_EXIT
        if is_end:
            image = read_image(process.pid)
        ptrace(PTRACE_CONT, process.pid, 0 if is_end else os.WSTOPSIG(status))
    process.returncode = os.waitstatus_to_exitcode(status)
    out.seek(0)
    world.seen.append(out.read().decode('utf-8', 'replace'))
    out.close()
    return process.returncode, image


def expect_clean(*words, pins=(PIN,)):
    status, image = run_to_the_end(CTL, *words)
    assert status == 0, (words, status, world.seen[-1])
    for pin in pins:
        assert not holds(image, pin), 'certhallctl %s leaves a PIN in its memory' % ' '.join(map(str, words))


def find_children(name):
    found = []
    for path in pathlib.Path('/proc').glob('[0-9]*/comm'):
        try:
            if path.read_text(encoding='utf-8').startswith(name[:15]) and world.env['PCSCLITE_CSOCK_NAME'].encode() in (
                    path.parent / 'environ').read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            pass  # it has just ended
    return found


def wait_for_end(name):
    """Of processes that are ending by themselves, or are none any more."""
    for pid in find_children(name):
        try:
            ending = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        select.select([ending], [], [])
        os.close(ending)


world = KeyWorld(pin=PIN)
cards = world.cards
world.register()
cards.insert()
cards.initialise(pin=PIN)
serial = cards.show()['serial']
state = {'certificate': world.apply()}


@case
def what_is_left_in_memory_is_found():
    status, image = run_to_the_end(CTL, 'token', 'list', env={'CERTHALL_LEFT_HERE': PLANTED})
    assert status == 0 and holds(image, PLANTED) and not holds(image, NEXT_PIN)


@case
def a_signature_leaves_no_pin():
    expect_clean('token', 'test', serial, '--pin-file', world.dir / 'pin', '--no-input')


@case
def a_pin_from_a_command_leaves_none():
    ask = pathlib.Path(world.write('ask-pin', '#!/bin/sh\ncat "%s"\n' % (world.dir / 'pin')))
    ask.chmod(0o700)
    expect_clean('token', 'test', serial, '--ask', ask)


@case
def key_request_certificate_and_proof_leave_none():
    cards.remove()
    application = world.renew(state['certificate'], status=60)['application']
    cards.insert()
    expect_clean('flow', 'resume', application, *world.run_words)
    assert world.get_application(application)['state'] == 'done'


@case
def changing_the_pin_leaves_neither():
    world.write('next-pin', NEXT_PIN + '\n')
    expect_clean('token', 'passphrase', serial, '--pin-file', world.dir / 'pin', '--new-pin-file', world.dir / 'next-pin', '--no-input',
                 pins=(PIN, NEXT_PIN))
    world.write('pin', NEXT_PIN + '\n')
    world.card_pin = NEXT_PIN
    expect_clean('token', 'test', serial, '--pin-file', world.dir / 'pin', '--no-input', pins=(NEXT_PIN,))


@case
def the_process_of_the_module_ends_with_it():
    """While it runs OpenSC has the PIN in its memory. The program that started it has it no more, and to the server it never comes."""
    cards.ask('forget')
    cards.fault(ins='68', delay=600000)
    process = subprocess.Popen([CTL, 'token', 'test', serial, '--pin-file', str(world.dir / 'pin'), '--no-input'], env=world.env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    # Counted first: what comes meanwhile is in the log, or ends the wait
    known = cards.count()
    while not any(entry[0] == '68' for entry in cards.read_log()):
        cards.ask('wait', 0, known + 1)
        known = cards.count()
    children = find_children('certhall-module')
    assert len(children) == 1, children
    limits = pathlib.Path('/proc/%d/limits' % children[0]).read_text(encoding='utf-8')
    assert re.search(r'Max core file size +0 +0', limits), limits
    assert holds(read_image(children[0]), NEXT_PIN), 'OpenSC has learnt to wipe'
    assert not holds(read_image(process.pid), NEXT_PIN), 'the program still has the PIN'
    assert not holds(read_image(world.server.pid), NEXT_PIN), 'the server has the PIN'
    # However it ends, nothing is written of it
    os.kill(children[0], signal.SIGSEGV)
    cards.heal()
    world.seen.append(process.communicate()[0].decode('utf-8', 'replace'))
    wait_for_end('certhall-module')


@case
def no_file_and_no_line_has_one():
    kept = {'pin', 'next-pin'}
    for path in world.dir.rglob('*'):
        if path.is_file() and path.name not in kept:
            content = path.read_bytes()
            assert PIN.encode() not in content and NEXT_PIN.encode() not in content, path
    said = '\n'.join(world.seen)
    assert PIN not in said and NEXT_PIN not in said
    assert not list(pathlib.Path('.').glob('core*'))


assert world.close() == 0
finish()
