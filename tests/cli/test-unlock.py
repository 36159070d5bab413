#!/usr/bin/python3
"""Unlocking a USB key in the terminal: a PIN that was locked by wrong ones, a code to the handler, a new PIN; who is not told
anything; twice a day; the CA gone between what it released and the confirmation. OpenSC's own tool looks at the card."""

import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
sys.path.insert(0, str(ROOT / 'tests' / 'sweep'))
from key_world import A_DAY, A_MINUTE, NEW_PIN, PERSON, KeyWorld  # noqa: E402
from card_world import PIN, SO_PIN, CardError  # noqa: E402
from cli_world import DAEMON, case, finish  # noqa: E402

LATER_PIN, WRONG_PIN = '918274', '000000'
# RESET RETRY COUNTER: what OpenSC's C_InitPIN sends
INIT_PIN = '2C'

world = KeyWorld()
cards = world.cards
world.register()
cards.insert()
cards.initialise()
certificate = world.apply()
number = cards.show()['serial']
application = world.expect(0, 'application', 'list', '--json').json['items'][0]['id']
guess = pathlib.Path(world.write('guess', '#!/bin/sh\necho 123456\n'))
guess.chmod(0o700)


def log_in(pin):
    return world.ctl('account', 'login', '--token', number, '--pin-file', world.write('typed-pin', pin + '\n'), '--accept-consents',
                     '--no-input', '--json')


def be_zhang_san():
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file',
                 world.dir / 'password')


def list_texts():
    return [row['text'] for row in world.demo('sms?mobile=' + PERSON['handler_mobile'])['messages']]


def lock(pin):
    """As it happens to people; the last try, which a file is not believed to be sure of, by a stranger."""
    for left in (2, 1):
        outcome = log_in(WRONG_PIN)
        assert outcome.json['error'] == 'pin-wrong' and cards.show()['pin-tries'] == left, outcome
    outcome = log_in(WRONG_PIN)
    assert outcome.json['error'] == 'pin-last-try' and cards.show()['pin-tries'] == 1, outcome
    try:
        cards.tool('--login', '--pin', WRONG_PIN, '--list-objects')
    except CardError:
        pass
    assert cards.show()['pin-tries'] == 0, cards.show()
    outcome = log_in(pin)
    assert (outcome.status, outcome.json['error']) == (56, 'pin-locked'), outcome


def check_opens(pin, old):
    """The one, not the other: for a stranger, and to log in."""
    world.card_pin = old
    try:
        world.list_objects()
        raise LookupError('the old PIN opens it')
    except CardError:
        pass
    assert cards.show()['pin-tries'] == 2, cards.show()
    world.card_pin = pin
    be_zhang_san()
    assert world.check_works(certificate) == 'installed' and cards.show()['pin-tries'] == 3
    outcome = log_in(pin)
    assert outcome.status == 0, outcome
    assert cards.show()['so-tries'] == 15, cards.show()


@case
def wrong_pins_lock_it_and_the_right_one_no_longer_opens_it():
    lock(PIN)


@case
def a_key_the_ca_did_not_make_and_a_strange_mobile_look_alike():
    before = len(list_texts())
    unknown = world.unlock(24, ask=guess)
    assert (unknown['error'], unknown['step']) == ('code-wrong', 'unlock-code'), unknown
    world.hand_over(application)
    assert all(SO_PIN.encode() not in path.read_bytes() for path in world.ca.glob('certhall.db*')), 'kept in clear'
    world.pass_time(A_DAY)
    strange = world.unlock(24, ask=guess, mobile='13900000077')
    assert strange == unknown, strange
    assert len(list_texts()) == before and cards.show()['pin-tries'] == 0
    assert world.get_escrow() == ('kept', 0, 0)


@case
def a_wrong_code_opens_nothing():
    before = len(list_texts())
    wrong = world.unlock(24, ask=guess)
    assert (wrong['error'], wrong['token']) == ('code-wrong', number), wrong
    assert len(list_texts()) == before + 1 and world.get_escrow() == ('kept', 0, 0)
    # The next one is sent after a minute; the terminal says so
    hasty = world.ctl(*world.begin_unlocking()[1:-1])
    assert hasty.status == 12 and 'too-often' in hasty.err, hasty


@case
def the_right_code_gives_it_a_pin_of_one_s_own():
    world.pass_time(A_MINUTE)
    outcome = world.expect(0, *world.begin_unlocking()[1:-1])
    assert outcome.out == 'The USB key is unlocked\n' and 'Trying the new PIN' in outcome.err, outcome
    assert world.get_escrow() == ('kept', 0, 0)
    assert any(number[-4:] in text for text in list_texts() if '解锁' in text), list_texts()
    check_opens(NEW_PIN, PIN)


def await_command(instruction):
    """Until the card has got it."""
    while True:
        n = cards.count()
        if any(entry[0] == instruction for entry in cards.read_log()):
            return
        cards.ask('wait', 0, n + 1)


@case
def the_ca_is_gone_when_it_is_to_be_confirmed():
    lock(NEW_PIN)
    world.pass_time(A_MINUTE)
    world.write('new-pin', LATER_PIN + '\n')
    words = world.begin_unlocking()
    cards.ask('forget')
    cards.fault(ins=INIT_PIN, at=1, delay=600000)
    with subprocess.Popen([*map(str, words)], env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        await_command(INIT_PIN)
        world.kill_server()
        cards.heal()
        out = process.communicate(timeout=120)[0]
    world.start_server()
    assert '"unlock-confirm"' in out and process.returncode not in (0, 56), (process.returncode, out)
    assert world.get_escrow() == ('released', 1, 1)
    assert log_in(LATER_PIN).status == 0, 'the PIN was set before'


@case
def a_third_time_within_a_day_it_waits_for_tomorrow():
    world.pass_time(A_MINUTE)
    often = world.unlock(25)
    assert often['error'] == 'unlock-often' and world.get_escrow() == ('released', 1, 1), often


@case
def tomorrow_it_is_gone_on_with():
    world.pass_time(A_DAY)
    world.write('new-pin', NEW_PIN + '\n')
    world.sit_at_another_pc()
    done = world.unlock()
    assert done['state'] == 'done' and world.get_escrow() == ('kept', 0, 0), done
    check_opens(NEW_PIN, LATER_PIN)


def begin_and_break_off():
    """The key takes what opens it, and then does not do what it is told."""
    world.pass_time(A_DAY)
    cards.fault(ins=INIT_PIN, sw='6581')
    broken = world.ctl(*world.begin_unlocking()[1:]).json
    cards.heal()
    assert broken['step'] == 'unlock-pin', broken


@case
def begun_three_times_and_never_confirmed_it_is_stopped():
    lock(NEW_PIN)
    for runs in (1, 2, 3):
        begin_and_break_off()
        assert world.get_escrow() == ('released', runs, 1)
    world.pass_time(A_DAY)
    outcome = world.expect(49, *world.begin_unlocking()[1:-1])
    assert 'unlock-stopped' in outcome.err and 'hotline' in outcome.err, outcome
    assert world.get_escrow() == ('released', 3, 1) and cards.show()['so-tries'] == 15


@case
def support_sees_why_and_allows_it_again():
    world.add_staff('susi', 'support')
    world.be_staff('alice')
    assert world.ctl('staff', 'medium', number, '--json').json['error'] == 'forbidden'
    assert world.ctl('staff', 'allow-unlock', number, '--json').json['error'] == 'forbidden'
    world.be_staff('susi')
    assert world.ctl('staff', 'medium', 'CHTEST99999', '--json').json['error'] == 'not-found'
    seen = world.expect(0, 'staff', 'medium', number, '--json').json
    assert (seen['state'], seen['runs'], seen['application']) == ('stopped', 3, application), seen
    assert [row['what'] for row in seen['history']][:4] == ['released', 'released', 'released', 'confirmed'], seen
    words = world.expect(0, 'staff', 'medium', number).out
    assert 'Unlocking is stopped' in words and 'confirmed by its key' in words, words
    allowed = world.expect(0, 'staff', 'allow-unlock', number, '--json').json
    assert (allowed['state'], allowed['runs']) == ('released', 0), allowed
    assert (allowed['history'][0]['what'], allowed['history'][0]['who']) == ('allowed', 'staff:susi'), allowed
    assert world.ctl('staff', 'allow-unlock', number, '--json').json['error'] == 'wrong-state'


def read_escrow(folder):
    """Both as they are kept, sealed."""
    with contextlib.closing(sqlite3.connect(folder / 'certhall.db', timeout=60)) as store:
        return store.execute('SELECT current, next, state, runs FROM escrow WHERE serial = ?', [number]).fetchone()


@case
def a_ca_restored_from_its_back_up_has_both_of_them_sealed():
    kept, restored, old = world.dir / 'back-up', world.dir / 'restored', world.dir / 'ca-before'
    for words in (('backup', world.ca, kept), ('restore', kept, restored)):
        subprocess.run([DAEMON, *map(str, words)], check=True, env=os.environ, stdout=subprocess.DEVNULL)
    before = read_escrow(world.ca)
    assert before[0] != before[1] and all(len(sealed) > 2 * len(SO_PIN) for sealed in before[:2]), before
    assert read_escrow(kept) == before and read_escrow(restored) == before
    # From now on it is the CA, with the passphrase that is kept elsewhere: what it gives out opens the card
    assert not (kept / 'key-passphrase').exists()
    shutil.copy2(world.ca / 'key-passphrase', restored)
    world.kill_server()
    world.ca.rename(old)
    restored.rename(world.ca)
    world.start_server()


@case
def then_it_is_unlocked():
    world.pass_time(A_MINUTE)
    world.write('new-pin', LATER_PIN + '\n')
    assert world.unlock()['state'] == 'done' and world.get_escrow() == ('kept', 0, 0)
    check_opens(LATER_PIN, NEW_PIN)


@case
def no_pin_is_seen_anywhere():
    seen = '\n'.join(world.seen)
    store = b''.join(path.read_bytes() for path in world.ca.glob('certhall.db*'))
    for secret in (PIN, NEW_PIN, LATER_PIN, SO_PIN):
        assert secret not in seen and secret.encode() not in store, secret


assert world.close() == 0
finish()
