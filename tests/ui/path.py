"""The way of a person through the window, from registration to the installed certificate: shared by test and screenshots."""

from stage import P, PROFILE, T, make_documents, new_mobile, until

SECRETS = {'password': 'Harbour-Lantern-71', 'passphrase': 'Copper-Meadow-Nine-4'}
UNIT = {'unit-name': '天津市滨海数字认证测试单位', 'unit-code': '91120116MA06TEA10Q'}
HANDLER = {'name': '张三', 'document': '11010519491231002X', 'email': 'zhang.san@example.com'}
DOCUMENTS = ['licence', 'handler-id', 'bundle']


def consent(where):
    """How the boxes of the agreements asked for are called."""
    return [T('I have read and agree to the %s') % P(c['title']) for c in PROFILE['consents'] if where in c['where']]


def project(name):
    return P(next(p for p in PROFILE['projects'] if p['id'] == name)['name'])


def term(name):
    return P(PROFILE['projects'][0]['terms'][[t['id'] for t in PROFILE['projects'][0]['terms']].index(name)]['name'])


class Path:
    """`at` is called with the name of each page when it is reached."""

    def __init__(self, demo, window, folder, at=lambda name: None, typed_name=False):
        self.demo, self.window, self.at = demo, window, at
        self.mobile = new_mobile()
        self.documents = make_documents(folder)
        self.typed_name = typed_name
        self.code = None

    def register(self, is_at_login=False):
        w = self.window
        if not is_at_login:
            w.press(T('New certificate'))
        w.find('push button', T('Register'))
        self.at('login')
        w.press(T('Register'))
        w.find('push button', T('Send code'))
        self.at('register')
        if self.typed_name:
            w.type(self.mobile)  # a page begins with the focus in its first field
        else:
            w.fill(T('User name'), self.mobile)
        w.type_secret(T('Password'), SECRETS['password'])
        w.type_secret(T('%s (again)') % T('Password'), SECRETS['password'])
        w.fill(T('Name of the handler'), HANDLER['name'])
        w.fill(T('Document number of the handler'), HANDLER['document'])
        w.fill(T('Mobile number of the handler'), self.mobile)
        w.press(T('Send code'))
        self.code = self.demo.get_code(self.mobile)
        w.type_secret(T('SMS code'), self.code)
        for box in consent('register'):
            w.tick(box)
        self.at('register-filled')
        w.press(T('Register'))

    def log_in(self):
        w = self.window
        w.wait_gone('push button', T('Send again'))
        w.find('push button', T('Log in'))
        w.type_secret(T('Password'), SECRETS['password'])
        for box in consent('login'):
            w.tick(box)
        w.press(T('Log in'))

    def choose(self, name='ra-test'):
        w = self.window
        w.find('check box', project(name), exact=False)
        self.at('choose')
        w.choose(project(name))
        w.press(T('Next'))

    def fill_subject(self):
        w = self.window
        w.find('text', T('Name of the unit (in full)'))
        self.at('subject')
        w.fill(T('Name of the unit (in full)'), UNIT['unit-name'])
        w.fill(T('Unified social credit code'), UNIT['unit-code'][:-1])
        w.press(T('Next'))
        w.wait_text(T('It must have 18 characters. Compare it with the business licence.'), exact=False)
        self.at('subject-error')
        w.fill(T('Unified social credit code'), UNIT['unit-code'])
        w.choose(term('one-year'))
        w.pick('Province or municipality', '天津市')
        w.pick('City or district', '和平区')
        w.press(T('Next'))

    def upload(self):
        w = self.window
        for i, document in enumerate(DOCUMENTS):
            rule = next(d for d in PROFILE['documents'] if d['id'] == document)
            w.press('%s %s' % (T('Choose…'), P(rule['name'])), exact=False)
            w.open_file(P(rule['name']), self.documents[document])
            until('“%s” to arrive' % document,
                  lambda: w.look('label', T('Uploaded · %s') % '', exact=False) and w.count_labels(T('Uploaded · %s') % '') > i)
        self.at('documents')
        w.press(T('Next'))

    def fill_handler(self):
        w = self.window
        w.find('text', T('E-mail of the handler'))
        for field, value in (('Name of the handler', HANDLER['name']),
                             ('Document number of the handler', HANDLER['document']),
                             ('Mobile number of the handler', self.mobile), ('E-mail of the handler', HANDLER['email'])):
            w.fill(T(field), value)
        self.at('handler')
        w.press(T('Next'))

    def fill_delivery(self, address):
        """By courier, as it is proposed; where it is collected nobody asks for a recipient."""
        w = self.window
        w.find('text', T('Address of the recipient'))
        self.at('delivery')
        w.choose_in_list(T('How the certificate is received'), T('Collected at the hall'), 1)
        w.wait_gone('text', T('Address of the recipient'))
        w.choose_in_list(T('How the certificate is received'), T('By courier'), -1)
        for field, value in (('Company of the recipient', UNIT['unit-name']), ('Name of the recipient', HANDLER['name']),
                             ('Telephone of the recipient', self.mobile), ('Address of the recipient', address)):
            w.fill(T(field), value)
        self.at('delivery-filled')
        w.press(T('Next'))

    def pay(self):
        order = self.demo.get_order()
        self.window.find('push button', T('I have paid'))
        self.at('pay')
        self.demo.pay(order['id'])
        return order

    def submit(self):
        self.window.find('push button', T('Submit'))
        self.at('submit')
        self.window.press(T('Submit'))
        application = self.demo.get_application()
        self.window.find('heading', T('Handed in, waiting for review'))
        self.at('waiting')
        return application

    def choose_passphrase(self):
        w = self.window
        name = T('Passphrase of the software token')
        w.find('text', name)
        self.at('passphrase')
        w.type_secret(name, SECRETS['passphrase'])
        w.type_secret(T('%s (again)') % name, SECRETS['passphrase'])
        self.at('passphrase-filled')
        w.press(T('Next'))
        if until('the installation', lambda: w.look('heading', T('Installing the certificate')) and 'going on'
                 or w.look('heading', T('The certificate is installed')) and 'over') == 'going on':
            self.at('installing')
