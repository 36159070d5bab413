#!/usr/bin/python3
"""Draws the papers a profile offers for download (data/profiles/ID/*.pdf): A4, in Chinese and English. Needs rsvg-convert.

    tools/draw-papers.py [FOLDER]"""

import pathlib
import subprocess
import sys
import tempfile
import unicodedata
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parents[1]
WIDTH, HEIGHT, MARGIN = 595, 842, 56
FONT = 'Noto Serif CJK SC, serif'
CA = '天津市滨海数字认证有限公司'
FOOT = ('演示样张。正式办理以天津市滨海数字认证有限公司公布的版本为准。客服热线 400-872-5550',
        'A sample for the demonstration: the version published by the CA counts. Hotline 400-872-5550')


def measure(text, size):
    return sum(1.0 if unicodedata.east_asian_width(c) in 'WFA' else 0.5 for c in text) * size


def wrap(text, size, width):
    """Lines no wider than that; English breaks between words, Chinese anywhere but before a closing mark."""
    words, word = [], ''
    for c in text:
        if unicodedata.east_asian_width(c) in 'WFA' and c not in '“”’·':
            words += [word] if word else []
            word = ''
            if c in '，。；：、）》？' and words:
                words[-1] += c
            else:
                words.append(c)
        else:
            word += c
            if c == ' ':
                words.append(word)
                word = ''
    lines = ['']
    for word in words + [word]:
        if measure(lines[-1] + word.rstrip(), size) > width and lines[-1]:
            lines.append('')
        lines[-1] += word
    return [line.strip() for line in lines]


class Page:
    def __init__(self):
        self.parts, self.y = [], MARGIN + 20

    def text(self, x, y, text, size, weight=400, anchor='start', grey=False):
        self.parts.append('<text x="%g" y="%g" font-size="%g" font-weight="%d" text-anchor="%s" fill="%s">%s</text>'
                          % (x, y, size, weight, anchor, '#555' if grey else '#000', escape(text)))

    def line(self, x1, y1, x2, y2, thickness=0.5):
        self.parts.append('<path d="M%g %gL%g %g" stroke="#000" stroke-width="%g"/>' % (x1, y1, x2, y2, thickness))

    def box(self, x, y, width, height):
        self.parts.append('<rect x="%g" y="%g" width="%g" height="%g" fill="none" stroke="#000" stroke-width="0.5"/>'
                          % (x, y, width, height))

    def title(self, zh, en):
        self.text(WIDTH / 2, self.y, CA, 12, anchor='middle', grey=True)
        self.text(WIDTH / 2, self.y + 32, zh, 20, 700, 'middle')
        self.text(WIDTH / 2, self.y + 48, en, 9.5, anchor='middle', grey=True)
        self.line(MARGIN, self.y + 62, WIDTH - MARGIN, self.y + 62, 1.2)
        self.y += 92

    def heading(self, text):
        self.y += 8
        self.text(MARGIN, self.y, text, 12, 700)
        self.y += 21

    def paragraph(self, text, mark='', size=10.5):
        indent = 18 if mark else 0
        self.text(MARGIN, self.y, mark, size)
        for line in wrap(text, size, WIDTH - 2 * MARGIN - indent):
            self.text(MARGIN + indent, self.y, line, size)
            self.y += size * 1.6
        self.y += 4

    def row(self, cells, height=34):
        """Labels in two languages with a place to write beside each: (zh, en, part of the width)."""
        x, whole = MARGIN, WIDTH - 2 * MARGIN
        for zh, en, part in cells:
            width = whole * part
            self.box(x, self.y, 92, height)
            self.text(x + 6, self.y + height / 2 - 1, zh, 9.5, 700)
            self.text(x + 6, self.y + height / 2 + 10, en, 6.5, grey=True)
            self.box(x + 92, self.y, width - 92, height)
            x += width
        self.y += height

    def draw(self):
        for i, line in enumerate(FOOT):
            self.text(WIDTH / 2, HEIGHT - 44 + 12 * i, line, 7.5, anchor='middle', grey=True)
        return ('<svg xmlns="http://www.w3.org/2000/svg" width="%dpt" height="%dpt" viewBox="0 0 %d %d" xml:space="preserve" font-family="%s">%s</svg>'
                % (WIDTH, HEIGHT, WIDTH, HEIGHT, FONT, ''.join(self.parts)))


def draw_replacement_documents():
    zh, en = Page(), Page()
    zh.title('证书补办材料要求', 'What to hand in for a replacement')
    zh.heading('一、适用范围')
    zh.paragraph('通过本系统办理的数字证书（UKey）遗失或者损坏时，可以申请补办。请使用申请该证书时的会员账号登录。')
    zh.heading('二、需要上传的材料')
    for mark, text in (('1.', '《证书补办申请表》：填写完整，单位加盖公章，经办人签字，拍照或扫描。表格可在“下载”中取得。'),
                       ('2.', '营业执照（副本）：原件图片；如为复印件，须加盖公章。'),
                       ('3.', '经办人身份证件：正反两面；如为复印件，须加盖公章。'),
                       ('4.', '单位名称或经办人有变化的，请先办理证书变更，再申请补办。')):
        zh.paragraph(text, mark)
    zh.paragraph('图片格式：jpg、png、gif、bmp、pdf，每份不超过 2 MB；其他资料打包成一个 zip 或 rar 文件。内容须清晰可读。')
    zh.heading('三、办理步骤')
    for mark, text in (('1.', '登录后在“我的证书”中选择要补办的证书，点击“证书补办”，按上面的要求上传材料。'),
                       ('2.', '输入发送到经办人手机的短信验证码。'),
                       ('3.', '选择证书领取方式：邮寄配送（货到付款）或营业厅领取。'),
                       ('4.', '扫码缴费。大客户统一结算的项目无需缴费。'),
                       ('5.', '材料在 5 个工作日内审核，结果以短信通知经办人。')):
        zh.paragraph(text, mark)
    zh.heading('四、注意事项')
    zh.paragraph('补办得到的是新的密钥和证书，原证书随即注销。用原证书加密的文件，须在原证书仍可使用时先行解密。', '·')
    zh.paragraph('怀疑 UKey 被他人使用的，请不要等待补办，立即申请证书注销或致电客服热线。', '·')

    en.title('What to hand in for a replacement', '证书补办材料要求')
    en.heading('1. What it is for')
    en.paragraph('A certificate (USB key) that was applied for in this system and is lost or broken can be replaced. Log in with the '
                 'account by which it was applied for.')
    en.heading('2. Documents')
    for mark, text in (('1.', 'The form "Application for a replacement", filled in, with the company seal and signed by the handler, as a '
                              'photograph or scan. The form is among the downloads.'),
                       ('2.', 'The business licence (duplicate); a copy must bear the company seal.'),
                       ('3.', 'The identity document of the handler, both sides; a copy must bear the company seal.'),
                       ('4.', 'If the name of the unit or the handler has changed, change the certificate first.')):
        en.paragraph(text, mark)
    en.paragraph('Pictures are jpg, png, gif, bmp or pdf, each up to 2 MB; anything else in one zip or rar file. All must be well readable.')
    en.heading('3. Step by step')
    for mark, text in (('1.', 'Log in, choose the certificate under "Certificates", then "Replace a lost key", and upload the documents.'),
                       ('2.', 'Enter the code that is sent to the mobile of the handler.'),
                       ('3.', 'Choose how you get the key: by courier, paid on delivery, or at the service hall.'),
                       ('4.', 'Pay by QR code; nothing is to be paid where the enterprise settles.'),
                       ('5.', 'The review takes up to 5 working days. The handler is told the result by SMS.')):
        en.paragraph(text, mark)
    en.heading('4. Please note')
    en.paragraph('The replacement has a new key and a new certificate; the old certificate is revoked. Decrypt files that were encrypted '
                 'for it before, while it can still be used.', '·')
    en.paragraph('If somebody else may be using the key, do not wait: have the certificate revoked at once, or call the hotline.', '·')
    return [zh, en]


def draw_replacement_form():
    page = Page()
    page.title('证书补办申请表', 'Application for a replacement')
    page.row([('单位名称（全称）', 'Name of the unit (in full)', 1)])
    page.row([('统一社会信用代码', 'Unified social credit code', 1)])
    page.row([('证书通用名', 'Name in the certificate', .5), ('原介质编号', 'Number of the key', .5)])
    page.row([('补办原因', 'Reason', 1)])
    page.text(MARGIN + 104, page.y - 13, '□ 遗失 lost        □ 损坏 broken        □ 其他 other：', 10)
    page.row([('经办人姓名', 'Name of the handler', .5), ('经办人手机号码', 'Mobile number', .5)])
    page.row([('经办人证件类型', 'Kind of document', .5), ('经办人证件号码', 'Document number', .5)])
    page.row([('领取方式', 'How it is delivered', 1)])
    page.text(MARGIN + 104, page.y - 13, '□ 邮寄配送 by courier        □ 营业厅领取 at the hall', 10)
    page.row([('收件地址', 'Address', 1)], 46)
    page.y += 26
    page.heading('声明  Declaration')
    page.paragraph('本单位保证所填内容和所附材料真实有效，知悉补办后原证书即被注销，并对由此产生的后果负责。')
    page.paragraph('What is filled in and enclosed is true. We know that the old certificate is revoked by the replacement.', size=8.5)
    page.y += 30
    page.text(MARGIN, page.y, '经办人签字 Signature of the handler：', 10.5)
    page.text(WIDTH / 2 + 30, page.y, '单位公章 Company seal：', 10.5)
    page.y += 90
    page.text(MARGIN, page.y, '日期 Date：          年      月      日', 10.5)
    return [page]


def draw_seal_sample_sheet():
    page = Page()
    page.title('电子签章采样表', 'Seal sample sheet')
    page.row([('单位名称（全称）', 'Name of the unit (in full)', 1)])
    page.row([('统一社会信用代码', 'Unified social credit code', 1)])
    page.row([('经办人姓名', 'Name of the handler', .5), ('经办人手机号码', 'Mobile number', .5)])
    page.y += 26
    page.paragraph('请在下面的方框内分别加盖清晰、完整的印章，不要压线或重叠；印泥为红色。一张表不够时可以再打印一张。')
    page.paragraph('Press each seal clearly and whole into a box, in red, without touching its lines. Print another sheet if needed.', size=8.5)
    half = (WIDTH - 2 * MARGIN - 20) / 2
    for i, (zh, en) in enumerate((('单位公章', 'Company seal'), ('法定代表人名章', 'Seal of the legal person'),
                                  ('财务专用章', 'Seal of the finance department'), ('其他印章', 'Another seal'))):
        x, y = MARGIN + (i % 2) * (half + 20), page.y + (i // 2) * 170
        page.box(x, y, half, 150)
        page.text(x + 8, y + 16, zh, 9.5, 700)
        page.text(x + 8, y + 27, en, 6.5, grey=True)
    page.y += 345
    page.text(MARGIN, page.y, '经办人签字 Signature of the handler：', 10.5)
    page.text(WIDTH / 2 + 60, page.y, '日期 Date：          年      月      日', 10.5)
    return [page]


PAPERS = {
    'binhai/replacement-documents.pdf': draw_replacement_documents,
    'binhai/replacement-form.pdf': draw_replacement_form,
    'binhai/seal-sample-sheet.pdf': draw_seal_sample_sheet,
}


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / 'data' / 'profiles')
    for name, draw in PAPERS.items():
        with tempfile.TemporaryDirectory() as pages:
            paths = []
            for i, page in enumerate(draw()):
                paths.append(pathlib.Path(pages) / ('%d.svg' % i))
                paths[-1].write_text(page.draw(), encoding='utf-8')
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(['rsvg-convert', '--format', 'pdf', '--output', folder / name, *paths], check=True)
        print('%s: %d KiB' % (name, (folder / name).stat().st_size // 1024))


main()
