"""What a hand does in every business about a certificate: from the list, by keyboard, names and roles."""

from stage import P, PROFILE, T, until


class Businesses:
    def __init__(self, window, demo, terminal, folder, at=lambda name: None):
        """`at` is called with the name of each page when it is reached."""
        self.window, self.demo, self.terminal, self.folder, self.at = window, demo, terminal, folder, at

    def begin(self, name, business):
        """From the list of certificates: nobody is asked which one again."""
        w = self.window
        w.keys('ctrl+2')
        w.focus(name, 'list item')
        w.keys('Return')
        if business == 'Renew a certificate':
            w.press(T('Renew…'))
            return
        w.press(T('Change or end'))
        w.press(T('%s…') % T(business), role='menu item')

    def upload(self, *ids):
        """The documents in the order of the page, each by its own button."""
        w = self.window
        w.find('heading', T('Upload the documents'))
        for n, wanted in enumerate(ids, 1):
            rule = next(row for row in PROFILE['documents'] if row['id'] == wanted)
            path = self.folder / ('bundle.zip' if wanted == 'bundle' else 'licence.png')
            w.press('%s %s' % (T('Choose…'), P(rule['name'])), exact=False)
            w.open_file(P(rule['name']), path)
            until('“%s” to arrive' % wanted, lambda: w.count_labels(T('Uploaded · %s') % '') >= n)
        w.press(T('Next'))

    def choose(self, field, value, downs):
        """In a drop-down list in which nothing is chosen yet."""
        w = self.window
        w.focus(T(field), 'combo box')
        w.keys('space')
        w.find('label', T(value))
        w.keys(*['Down'] * downs, 'Return')

    def count_codes(self, mobile):
        return sum('code' in row for row in self.demo.call('sms?mobile=' + mobile)['messages'])

    def type_code(self, code):
        """In place of what stands there."""
        w = self.window
        w.focus(T('SMS code'))
        w.keys('ctrl+a')
        w.type(code)
        w.press(T('Next'))

    def submit(self):
        w = self.window
        w.press(T('Submit'))
        w.find('heading', T('Handed in, waiting for review'))
        return self.demo.get_application()

    def go_home(self, heading):
        w = self.window
        w.find('heading', T(heading))
        w.press(T('Home'))
        w.wait_gone('heading', T(heading))
