"""A phone: Chromium without a window, 360 pixels wide, driven by the DevTools protocol over a pipe. It trusts the CA's server by
an NSS database, as a browser does, and no certificate error is passed over."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

WATCH = '''
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
'''

# Resolves when something is true: looked at again whenever the page changes, never by the clock
UNTIL = '''new Promise((resolve) => {
  const observer = new MutationObserver(() => look());
  const look = () => {
    const found = (%s);
    if (found) {
      observer.disconnect();
      resolve(found);
    }
  };
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
})'''


class Browser:
    def __init__(self, trust):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix='certhall-phone-'))
        database = 'sql:%s' % (self.dir / '.pki' / 'nssdb')
        (self.dir / '.pki' / 'nssdb').mkdir(parents=True)
        subprocess.run(['certutil', '-N', '-d', database, '--empty-password'], check=True)
        subprocess.run(['certutil', '-A', '-d', database, '-t', 'C,,', '-n', 'the CA', '-i', str(trust)], check=True)
        self.last, self.events = 0, []
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        env = {'HOME': str(self.dir), 'PATH': os.environ['PATH'], 'LANG': 'C.UTF-8', 'XDG_RUNTIME_DIR': str(self.dir)}
        words = ['chromium', '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
                 '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions',
                 '--lang=zh-CN', '--accept-lang=zh-CN', '--window-size=360,740', '--user-data-dir=%s' % (self.dir / 'data'),
                 '--remote-debugging-pipe', 'about:blank']
        self.noise = open(self.dir / 'noise', 'wb')
        self.process = subprocess.Popen(['sh', '-c', 'exec "$@" 3<&%d 4>&%d' % (theirs_in, theirs_out), 'sh', *words], env=env,
                                        pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL, stdout=self.noise,
                                        stderr=self.noise, start_new_session=True)
        os.close(theirs_in)
        os.close(theirs_out)
        self.out, self.input = os.fdopen(ours_out, 'wb', 0), os.fdopen(ours_in, 'rb', 0)
        self.rest = b''
        self.session = None
        target = self.send('Target.createTarget', url='about:blank')['targetId']
        self.session = self.send('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self.send(domain + '.enable')
        self.send('Emulation.setDeviceMetricsOverride', width=360, height=740, deviceScaleFactor=1, mobile=True)
        self.send('Page.addScriptToEvaluateOnNewDocument', source=WATCH)

    def close(self):
        try:
            self.session = None
            self.send('Browser.close')
        except (OSError, EOFError):
            pass
        self.process.wait()
        self.noise.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def read(self):
        while b'\0' not in self.rest:
            piece = self.input.read(65536)
            if not piece:
                raise EOFError('the browser has gone')
            self.rest += piece
        message, self.rest = self.rest.split(b'\0', 1)
        return json.loads(message)

    def send(self, method, **params):
        self.last += 1
        message = {'id': self.last, 'method': method, 'params': params}
        if self.session is not None:
            message['sessionId'] = self.session
        self.out.write(json.dumps(message).encode() + b'\0')
        while True:
            answer = self.read()
            if answer.get('id') == message['id']:
                assert 'error' not in answer, '%s: %s' % (method, answer)
                return answer['result']
            if 'method' in answer:
                self.events.append(answer)

    def wait_for(self, method):
        while True:
            for event in self.events:
                if event['method'] == method:
                    self.events.remove(event)
                    return event['params']
            self.events.append(self.read())

    def run(self, expression, **options):
        result = self.send('Runtime.evaluate', expression=expression, awaitPromise=True, returnByValue=True, **options)
        assert 'exceptionDetails' not in result, result['exceptionDetails']
        return result['result'].get('value')

    def until(self, expression):
        return self.run(UNTIL % expression)

    def scan(self, address):
        """Opens what a code says, as a camera does: in a page of its own."""
        self.send('Page.navigate', url='about:blank')
        self.wait_for('Page.loadEventFired')
        self.events = [event for event in self.events if event['method'] != 'Page.loadEventFired']
        self.send('Page.navigate', url=address)
        self.wait_for('Page.loadEventFired')
        self.until('document.querySelector("main h1")')

    def heading(self):
        return self.run('document.querySelector("main h1").textContent')

    def text(self):
        return self.run('document.body.innerText')

    def await_heading(self, words):
        self.until('(document.querySelector("main h1") || {}).textContent === %s' % json.dumps(words))

    def await_warning(self, words=''):
        return self.until('(() => { const box = document.querySelector(".warn"); '
                          'return box && box.textContent.includes(%s) && box.textContent; })()' % json.dumps(words))

    def type(self, name, value):
        """As keys do it: the field has the focus, the text arrives as input."""
        self.run('document.querySelector(%s).select()' % json.dumps('[name="%s"]' % name))
        self.send('Input.insertText', text=value)

    def press(self, name):
        self.run('document.querySelector(%s).click()' % json.dumps('button[name="%s"]' % name))

    def give_file(self, name, path):
        """As the camera does, or the gallery."""
        root = self.send('DOM.getDocument')['root']['nodeId']
        node = self.send('DOM.querySelector', nodeId=root, selector='[name="%s"]' % name)['nodeId']
        self.send('DOM.setFileInputFiles', nodeId=node, files=[str(path)])

    def picture(self, path):
        import base64
        data = self.send('Page.captureScreenshot', format='png')['data']
        pathlib.Path(path).write_bytes(base64.b64decode(data))
