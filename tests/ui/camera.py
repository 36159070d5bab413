"""Pictures of pages: each light and dark, wide and narrow, of one window that is resized and whose style changes while it runs."""

import subprocess
import time

STYLES = (('light', 'default'), ('dark', 'prefer-dark'))
SIZES = (('wide', 1100, 760), ('narrow', 360, 720))


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, **options).stdout


class Camera:
    """Takes the four pictures of a page."""

    def __init__(self, folder, language):
        self.folder, self.language = folder, language
        self.wid = None
        self.variant = None

    def change(self, style, scheme, size, width, height):
        if self.variant == (style, size):
            return
        run('gsettings', 'set', 'org.gnome.desktop.interface', 'color-scheme', scheme)
        run('xdotool', 'windowsize', '--sync', self.wid, width, height)
        run('xdotool', 'mousemove', 1279, 799)
        self.variant = (style, size)
        time.sleep(0.7)  # until it is drawn: a picture taken too early is seen by who looks at it

    def take(self, page):
        name = '%s-%s-%s-%s.png' % (page, self.language, *self.variant)
        run('import', '-window', self.wid, self.folder / name)
        return self.folder / name

    def take_all(self, page):
        taken = []
        for size, width, height in SIZES:
            for style, scheme in STYLES:
                self.change(style, scheme, size, width, height)
                taken.append(self.take(page))
        self.change(*STYLES[0], *SIZES[0])
        return taken

    def take_dialog(self, page):
        """Of the window that is in front, which has a size of its own."""
        main, variant = self.wid, self.variant
        self.wid = run('xdotool', 'getactivewindow').strip()
        for style, scheme in reversed(STYLES):
            run('gsettings', 'set', 'org.gnome.desktop.interface', 'color-scheme', scheme)
            time.sleep(0.7)
            self.variant = (style, 'wide')
            self.take(page)
        self.wid, self.variant = main, variant
