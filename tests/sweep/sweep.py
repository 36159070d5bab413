"""What is done to a card, broken off at each command of it: the card pulled out before the command is carried out, after it and
before the answer, after the answer; or the program killed at it. What is left must be of use, and it must be possible to go on.

    sweep = Sweep(cards)
    sweep.run('renewal', begin, deed, check)

begin() brings everything to where the deed begins. deed() is the command that does it: its words and its environment. check() is
called when it was broken off and the card is back in its reader: it looks at what is left, goes on, looks at the end, and asserts.

Of the commands every third is tried, from a first one that is drawn, in one of the four ways by turns; all of them in all four ways
with CERTHALL_LONG. CERTHALL_SEED repeats a draw, CERTHALL_AT='70:after 12:kill' tries these alone."""

import os
import random
import signal
import subprocess
import time
import traceback

WAYS = ('before', 'lost', 'after', 'kill')
SHARE = 3
LIMIT = 120


class Broken:
    """How it was broken off: what the check is told."""

    def __init__(self, way, at, status, out):
        self.way, self.at, self.status, self.out = way, at, status, out

    def __str__(self):
        return 'command %d, %s: status %s\n%s' % (self.at, self.way, self.status, self.out)


def get_seed():
    return int(os.environ.get('CERTHALL_SEED') or random.SystemRandom().randrange(10 ** 6))


class Sweep:
    def __init__(self, cards, card=0):
        self.cards, self.card = cards, card
        self.seed = get_seed()
        self.all = 'CERTHALL_LONG' in os.environ
        print('# seed %d: %s' % (self.seed, 'every command in all four ways' if self.all else 'every third command'), flush=True)

    def list_positions(self):
        """(number of the command, way), without end: whoever asks sees when the deed has no more commands."""
        if 'CERTHALL_AT' in os.environ:
            for position in os.environ['CERTHALL_AT'].split():
                at, way = position.split(':')
                yield int(at), way
            return
        at = 1 if self.all else 1 + self.seed % SHARE
        turn = self.seed // SHARE
        while True:
            for way in WAYS if self.all else (WAYS[turn % len(WAYS)],):
                yield at, way
            at += 1 if self.all else SHARE
            turn += 1

    def put_back(self):
        if self.cards.show(self.card)['inserted']:
            self.cards.remove(self.card)
        self.cards.heal(self.card)
        self.cards.insert(self.card)

    def break_off(self, words, env, at, way, ins=None):
        """Does it until that command of the card, or that one of instruction `ins`. The program waits, stopped, until the card knows what is to be done."""
        process = subprocess.Popen(['sh', '-c', 'kill -STOP $$; exec "$@"', 'sh', *map(str, words)], env=env, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        self.cards.ask('forget', self.card)
        where = dict({'at': at}, **({} if ins is None else {'ins': ins}))
        if way == 'kill':
            self.cards.fault(self.card, kill=process.pid, **where)
        else:
            self.cards.fault(self.card, remove=way, **where)
        process.send_signal(signal.SIGCONT)
        out = process.communicate(timeout=LIMIT)[0]
        return Broken(way, at, process.returncode, out)

    def run(self, name, begin, deed, check):
        """Returns how many positions were tried."""
        tried, began = [], time.monotonic()
        is_over = False
        for at, way in self.list_positions():
            if is_over and at > tried[-1][0]:
                break
            begin()
            words, env = deed()
            broken = self.break_off(words, env, at, way)
            # The deed had fewer commands than that: the last position, at which nothing was broken off
            is_over = self.cards.count(self.card) < at
            tried.append((at, way))
            self.put_back()
            try:
                assert not is_over or broken.status == 0, 'it was not broken off, and failed'
                check(broken)
            except Exception:
                said = '%s: seed %d, %s\n%s' % (name, self.seed, broken, traceback.format_exc())
                print('# ' + said.replace('\n', '\n# '), flush=True)
                raise
            if is_over and not self.all:
                break
        print('# %s: %d positions of %d commands tried in %.0f s: %s' % (
            name, len(tried), tried[-1][0], time.monotonic() - began, ' '.join('%d:%s' % position for position in tried)), flush=True)
        return len(tried)
