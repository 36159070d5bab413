// Makes what lies beside it: an SM2 chain, its CRLs and OCSP answers, signed by the npm package sm-crypto (0.4.0), which has
// nothing in common with OpenSSL: npm install sm-crypto && node make.js
'use strict';
const fs = require('fs');
const crypto = require('crypto');
const { sm2 } = require('sm-crypto');

const ID = '1234567812345678';
const SM2_SM3 = '1.2.156.10197.1.501';
const NULL = Buffer.from([5, 0]);

function tlv (tag, ...parts)
{
  const body = Buffer.concat (parts);
  const n = body.length;
  const len = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
  return Buffer.concat ([Buffer.from ([tag, ...len]), body]);
}

function oid (text)
{
  const arcs = text.split ('.').map (Number);
  const out = [arcs[0] * 40 + arcs[1]];
  for (const arc of arcs.slice (2))
    {
      const groups = [arc & 127];
      for (let rest = Math.floor (arc / 128); rest > 0; rest = Math.floor (rest / 128))
        groups.unshift ((rest & 127) | 128);
      out.push (...groups);
    }
  return tlv (6, Buffer.from (out));
}

const seq = (...parts) => tlv (0x30, ...parts);
const set = (...parts) => tlv (0x31, ...parts);
const octets = (...parts) => tlv (4, ...parts);
const bits = (body, unused = 0) => tlv (3, Buffer.from ([unused]), body);
const number = (n) => tlv (2, Buffer.from (n < 128 ? [n] : [n >> 8, n & 255]));
const utf8 = (text) => tlv (12, Buffer.from (text));
const utc = (text) => tlv (23, Buffer.from (text));
const time = (text) => tlv (24, Buffer.from (text));
const yes = tlv (1, Buffer.from ([255]));
// With an explicit NULL, as some CAs of the country write it, or without
const algorithm = (hasNull) => seq (oid (SM2_SM3), ...(hasNull ? [NULL] : []));
const name = (cn) => seq (set (seq (oid ('2.5.4.6'), tlv (19, Buffer.from ('CN')))), set (seq (oid ('2.5.4.3'), utf8 (cn))));
const extension = (id, isCritical, value) => seq (oid (id), ...(isCritical ? [yes] : []), octets (value));

function make_key (cn)
{
  const pair = sm2.generateKeyPairHex ();
  return { name: name (cn), priv: pair.privateKey, pub: pair.publicKey,
           point: Buffer.from (pair.publicKey, 'hex') };
}

const spki = (key) => seq (seq (oid ('1.2.840.10045.2.1'), oid ('1.2.156.10197.1.301')), bits (key.point));
const key_id = (key) => crypto.createHash ('sha1').update (key.point).digest ();

function sign (tbs, key, hasNull)
{
  const signature = sm2.doSignature (Array.from (tbs), key.priv, { der: true, hash: true, publicKey: key.pub, userId: ID });
  return seq (tbs, algorithm (hasNull), bits (Buffer.from (signature, 'hex')));
}

function make_cert (serial, key, issuer, usage, more, hasNull = false)
{
  const isCa = (usage[0] & 4) !== 0;
  return sign (seq (
    tlv (0xa0, number (2)), number (serial), algorithm (hasNull), issuer.name, seq (utc ('260101000000Z'), utc ('451231235959Z')),
    key.name, spki (key), tlv (0xa3, seq (
      extension ('2.5.29.14', false, octets (key_id (key))),
      extension ('2.5.29.35', false, seq (tlv (0x80, key_id (issuer)))),
      extension ('2.5.29.19', true, isCa ? seq (yes) : seq ()),
      extension ('2.5.29.15', true, bits (Buffer.from ([usage[0]]), usage[1])), ...more))), issuer, hasNull);
}

function make_crl (issuer, revoked, hasNull)
{
  const entries = revoked.map ((n) => seq (number (n), utc ('260301000000Z'), seq (extension ('2.5.29.21', false, tlv (10, Buffer.from ([1]))))));
  return sign (seq (
    number (1), algorithm (hasNull), issuer.name, utc ('260601000000Z'), utc ('260701000000Z'), ...(entries.length ? [seq (...entries)] : []),
    tlv (0xa0, seq (extension ('2.5.29.35', false, seq (tlv (0x80, key_id (issuer)))), extension ('2.5.29.20', false, number (7))))),
               issuer, hasNull);
}

function make_answer (serial, status, issuer, signer, signerCert)
{
  const sha1 = (data) => crypto.createHash ('sha1').update (data).digest ();
  const id = seq (seq (oid ('1.3.14.3.2.26'), NULL), octets (sha1 (issuer.name)), octets (sha1 (issuer.point)), number (serial));
  const data = seq (tlv (0xa1, signer.name), time ('20260615000000Z'),
                    seq (seq (id, status, time ('20260615000000Z'), tlv (0xa0, time ('20260616000000Z')))));
  const signature = sm2.doSignature (Array.from (data), signer.priv, { der: true, hash: true, publicKey: signer.pub, userId: ID });
  const basic = seq (data, algorithm (false), bits (Buffer.from (signature, 'hex')), tlv (0xa0, seq (signerCert)));
  return seq (tlv (10, Buffer.from ([0])), tlv (0xa0, seq (oid ('1.3.6.1.5.5.7.48.1.1'), octets (basic))));
}

const [root, ca, good, revoked, signer] = ['国密测试根', '国密测试签发', '甲单位', '乙单位', '状态应答'].map (make_key);
const CA = [0x06, 1], EE = [0xc0, 6];
const signer_cert = make_cert (5, signer, ca, [0x80, 7], [extension ('2.5.29.37', false, seq (oid ('1.3.6.1.5.5.7.3.9')))]);

const files = {
  'root.cer': make_cert (1, root, root, CA, []),
  'ca.cer': make_cert (2, ca, root, CA, [], true),
  'good.cer': make_cert (3, good, ca, EE, []),
  'revoked.cer': make_cert (4, revoked, ca, EE, [], true),
  'root.crl': make_crl (root, [], false),
  'ca.crl': make_crl (ca, [4], true),
  'good.ocsp': make_answer (3, tlv (0x80), ca, signer, signer_cert),
  'revoked.ocsp': make_answer (4, tlv (0xa1, time ('20260301000000Z')), ca, signer, signer_cert),
};
for (const [file, data] of Object.entries (files))
  fs.writeFileSync (file, data);
