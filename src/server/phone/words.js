// What the page says, in both languages. {name} is put in by say().

const words = {
  ca: { zh: '{ca}', en: '{ca}' },
  language: { zh: 'English', en: '中文' },
  hotline: { zh: '客服热线：{hotline}', en: 'Hotline: {hotline}' },
  wait: { zh: '请稍候…', en: 'One moment …' },
  scan: { zh: '请扫描电脑上显示的二维码', en: 'Scan the code on the PC' },
  'scan-lead': {
    zh: '在电脑上打开“证书大厅”，选择“手机扫码”，再用手机相机或浏览器扫描屏幕上的二维码。',
    en: 'Open Certhall on the PC, choose “Phone”, and scan the code on its screen with the camera of this phone.',
  },
  'your-certificates': { zh: '本机上的证书', en: 'Certificates on this phone' },
  until: { zh: '有效期至 {end}', en: 'until {end}' },

  'title-login': { zh: '允许电脑登录吗？', en: 'Let the PC log in?' },
  'title-pair': { zh: '把这部手机绑定到账号', en: 'Add this phone to the account' },
  'title-install': { zh: '把证书安装到这部手机', en: 'Install the certificate on this phone' },
  'title-confirm': { zh: '确认申请内容', en: 'Confirm the application' },
  'title-papers': { zh: '拍摄申请材料', en: 'Photograph documents' },
  'lead-login': {
    zh: '只有您自己正在这台电脑上登录时才同意。不是您本人操作，请点“拒绝”。',
    en: 'Agree only if you are logging in at this PC yourself just now. If it is not you, refuse.',
  },
  'lead-pair': {
    zh: '密钥只在这部手机上生成和保存，用您设置的 PIN 码保护。',
    en: 'The key is made on this phone, stays on it, and is protected by a PIN that you choose.',
  },
  'lead-install': {
    zh: '密钥在这部手机上生成，证书直接写入手机。请不要关闭页面。',
    en: 'The key is made on this phone and the certificate stored with it. Keep the page open.',
  },
  'lead-papers': {
    zh: '逐份拍照，照片直接传到电脑上正在办理的申请中，不会保存在手机里。',
    en: 'Photograph one after the other. The pictures go into the application that is open on the PC and are not kept here.',
  },
  photograph: { zh: '拍照或选择照片', en: 'Photograph or choose a picture' },
  sending: { zh: '正在上传…', en: 'Being sent …' },
  sent: { zh: '已上传，可重新拍摄', en: 'Sent. You may photograph it again' },
  'papers-done': { zh: '完成', en: 'That is all' },
  'no-picture': { zh: '这不是可用的图片，请重新拍摄。', en: 'This picture cannot be read. Photograph it again.' },
  'document-too-large': { zh: '照片过大，请重新拍摄。', en: 'The picture is too large. Photograph it again.' },
  purpose: { zh: '用途', en: 'Purpose' },
  'purpose-login': { zh: '以证书持有人身份登录', en: 'Log in as the holder of a certificate' },
  'purpose-pair': { zh: '绑定手机', en: 'Add a phone' },
  'purpose-install': { zh: '安装证书', en: 'Install a certificate' },
  'purpose-confirm': { zh: '签名确认', en: 'Confirm by signature' },
  'purpose-papers': { zh: '上传材料照片', en: 'Upload photographs of documents' },
  for: { zh: '证书主体', en: 'Certificate of' },
  application: { zh: '申请编号', en: 'Application' },
  pc: { zh: '电脑', en: 'PC' },
  'pc-unnamed': { zh: '未命名的电脑', en: 'A PC without a name' },
  place: { zh: '电脑的网络位置', en: 'Where the PC is on the net' },
  near: { zh: '{place}（与手机同一网络）', en: '{place} (the same network as this phone)' },
  far: { zh: '{place}（与手机不在同一网络）', en: '{place} (not the network of this phone)' },

  certificate: { zh: '使用的证书', en: 'Certificate' },
  pin: { zh: 'PIN 码', en: 'PIN' },
  'pin-new': { zh: '设置 PIN 码（6–16 位）', en: 'Choose a PIN (6–16 characters)' },
  'pin-again': { zh: '再输入一次', en: 'The same again' },
  'phone-name': { zh: '手机名称', en: 'Name of this phone' },
  'sms-code': { zh: '短信验证码', en: 'Code by SMS' },
  'send-code': { zh: '获取验证码', en: 'Send code' },
  'code-sent': { zh: '验证码已发送至 {mobile}', en: 'A code was sent to {mobile}' },
  'do-login': { zh: '同意登录', en: 'Let it log in' },
  'do-pair': { zh: '绑定这部手机', en: 'Add this phone' },
  'do-install': { zh: '安装证书', en: 'Install' },
  refuse: { zh: '拒绝', en: 'Refuse' },

  'done-login': { zh: '已同意，请回到电脑继续', en: 'Done. Go on at the PC' },
  'done-pair': { zh: '手机已绑定', en: 'This phone was added' },
  'done-install': { zh: '证书已安装到这部手机', en: 'The certificate is on this phone' },
  'done-papers': { zh: '照片已上传，请回到电脑继续', en: 'The pictures were sent. Go on at the PC' },
  'done-refuse': { zh: '已拒绝', en: 'Refused' },
  'done-refuse-lead': {
    zh: '电脑没有登录。如果不是您本人操作，请拨打客服热线。',
    en: 'Nothing was done at the PC. If it was not you, call the hotline.',
  },
  'done-lead': { zh: '可以关闭此页面。', en: 'You can close this page.' },
  'already-paired': { zh: '这部手机已经绑定', en: 'This phone was added before' },
  'no-phone': { zh: '这部手机还没有绑定', en: 'This phone does not belong to an account yet' },
  'no-phone-lead': {
    zh: '请先在电脑上用账号登录，在“我的账号”里添加手机，再用手机登录。',
    en: 'Log in on the PC with your account first and add the phone there. Then it can log you in.',
  },
  'no-certificate': { zh: '这部手机上还没有证书', en: 'There is no certificate on this phone yet' },
  'no-certificate-lead': {
    zh: '手机登录使用手机上的证书。请先申请介质为“手机”的证书。',
    en: 'The phone logs in by a certificate that is on it. Apply for one on the medium “phone” first.',
  },
  unsafe: { zh: '此浏览器不支持安全密钥', en: 'This browser cannot keep keys' },
  'unsafe-lead': {
    zh: '请更新系统自带的浏览器后再扫码。',
    en: 'Bring the phone’s own browser up to date, then scan the code again.',
  },

  'wrong-pin-short': { zh: 'PIN 码为 6–16 位', en: 'A PIN has 6 to 16 characters' },
  'wrong-pin-easy': { zh: 'PIN 码过于简单，请换一个', en: 'This PIN is too easy to guess. Choose another' },
  'wrong-pin-again': { zh: '两次输入的 PIN 码不一致', en: 'The two PINs are not the same' },
  'wrong-name': { zh: '请填写手机名称（至少两个字）', en: 'Give the phone a name of two characters or more' },
  'wrong-code': { zh: '验证码为 6 位数字', en: 'The code has 6 digits' },

  network: { zh: '网络不通，什么都没有提交。请检查网络后重试。', en: 'The server cannot be reached. Check the network and try again.' },
  'scan-code-wrong': {
    zh: '二维码已失效（每分钟更换，只能使用一次）。请扫描电脑上现在显示的二维码。',
    en: 'This code is no longer good: it changes every minute and serves once. Scan the one the PC shows now.',
  },
  'not-logged-in': { zh: '等待时间过长，请重新扫描。', en: 'That took too long. Scan the code again.' },
  'ticket-ended': { zh: '等待时间过长，请重新扫描。', en: 'That took too long. Scan the code again.' },
  'phone-pin-wrong': { zh: 'PIN 码错误，还可以试 {tries-left} 次。', en: 'The PIN is wrong. Tries left: {tries-left}.' },
  'phone-locked': {
    zh: 'PIN 码错误次数过多。请获取短信验证码，和 PIN 码一起输入。',
    en: 'The PIN was wrong too often. Have a code sent, and enter it with the PIN.',
  },
  'phone-unknown': { zh: '账号里没有这部手机，请重新绑定。', en: 'The account does not know this phone. Add it again.' },
  'phone-proof-wrong': { zh: '手机的签名不正确，请刷新页面重试。', en: 'The signature of this phone does not fit. Reload the page and try again.' },
  'code-wrong': { zh: '验证码错误或已失效，请核对最新的短信。', en: 'The code is wrong or too old. Check the newest message.' },
  'too-often': { zh: '操作过于频繁，请在 {retry-after} 秒后重试。', en: 'Too often. Try again in {retry-after} seconds.' },
  'certificate-refused': {
    zh: 'CA 不接受这张证书：可能已吊销、冻结或过期。',
    en: 'The CA does not accept this certificate: it was revoked, put on hold, or has ended.',
  },
  'holder-unknown': { zh: '这张证书不是本 CA 签发的。', en: 'This certificate is not of this CA.' },
  'holder-revoked': { zh: '这张证书已吊销。', en: 'This certificate was revoked.' },
  'holder-held': { zh: '这张证书已冻结。', en: 'This certificate is on hold.' },
  'holder-ended': { zh: '这张证书已过期。', en: 'This certificate has ended.' },
  'nonce-spent': { zh: '签名超时，请重试。', en: 'The signature came too late. Try again.' },
  'wrong-state': { zh: '申请的状态已变化，请在电脑上查看。', en: 'The application has moved on. Look at it on the PC.' },
  other: { zh: '没有成功。请重试；仍不成功请联系客服。', en: 'That did not work. Try again, or call the hotline.' },
  'error-id': { zh: '错误编号：{id} {request}', en: 'Error: {id} {request}' },
};

const KEY = 'certhall-language';

export let language = localStorage.getItem(KEY) || (navigator.language.startsWith('zh') ? 'zh' : 'en');

export function setLanguage(id) {
  language = id;
  localStorage.setItem(KEY, id);
}

export function has(id) {
  return Object.hasOwn(words, id);
}

export function say(id, values = {}) {
  return words[id][language].replace(/\{([a-z-]+)\}/g, (whole, name) => values[name] ?? '');
}
