#!/usr/bin/env bash
# terminal-path.sh PROGRAMS CA URL: the whole path in the terminal, against a demonstration CA that runs at URL with its store in
# the folder CA: register, log in, apply, pay, be approved, make the key, install the certificate, look at it.
set -euo pipefail

programs=$1
ca=$2
export CERTHALL_SERVER=$3 CERTHALL_TRUST=$ca/tls-ca.pem
work=$(mktemp -d "${TMPDIR:-/tmp}/certhall-path.XXXXXX")
trap 'rm -rf "$work"' EXIT
umask 077
# One account for each mobile: a new one each time
mobile=199$(printf '%08d' $((RANDOM * RANDOM % 100000000)))

certhallctl () { echo "$ certhallctl ${*//"$work"/…}" >&2; "$programs/certhallctl" "$@"; }
# What a person does on the phone and a reviewer at a desk
desk () { curl --silent --show-error --fail --cacert "$ca/tls-ca.pem" -H "Demo-Token: $(<"$ca/demo-token")" "$CERTHALL_SERVER/demo/v1/$1" "${@:2}"; }
# member NAME: of the JSON object on standard input
member () { /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], ""))' "$1"; }
# rests COMMAND…: runs it; to rest (status 75) is what is expected. Prints the application
rests () { local report; report=$(certhallctl "$@" --json) && return 1 || [ $? -eq 75 ]; tee "$work/report" <<<"$report" | member application; }

cat >"$work/ask" <<END
#!/bin/sh
curl --silent --cacert '$ca/tls-ca.pem' -H "Demo-Token: \$(cat '$ca/demo-token')" '$CERTHALL_SERVER/demo/v1/sms?mobile=$mobile' |
  /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["code"])'
END
chmod 700 "$work/ask"
cat >"$work/account.json" <<END
{ "user-name": "$mobile", "handler-name": "张三", "handler-document-kind": "resident-id",
  "handler-document-number": "11010519491231002X", "handler-mobile": "$mobile" }
END
cat >"$work/answers.json" <<END
{ "project": "ra-test", "unit-name": "天津市滨海数字认证测试单位", "unit-code": "91120116MA06TEA10Q", "term": "one-year",
  "province": "天津市", "city": "和平区", "handler-name": "张三", "handler-document-kind": "resident-id",
  "handler-document-number": "11010519491231002X", "handler-mobile": "$mobile", "handler-email": "zhang.san@example.com",
  "licence": "licence.png", "handler-id": "handler.png", "bundle": "bundle.zip" }
END
echo 'a word for the account 7' >"$work/password"
echo 'a word for the token 7' >"$work/pin"
convert -size 800x600 gradient:white-gray "$work/licence.png"
convert -size 800x500 gradient:white-blue "$work/handler.png"
echo 'Sample: agreement with seal' >"$work/agreement.txt"
(cd "$work" && /usr/bin/python3 -m zipfile -c bundle.zip agreement.txt)

certhallctl account register --answers "$work/account.json" --ask "$work/ask" --password-file "$work/password" --accept-consents
certhallctl account login --user "$mobile" --password-file "$work/password" --accept-consents
flow=(--pin-file "$work/pin" --no-input)
application=$(rests flow run apply.enterprise.soft.self-pay --answers "$work/answers.json" "${flow[@]}")
echo "Waiting for the payment of order $(member order <"$work/report")"
desk "orders/$(member order <"$work/report")/pay" -X POST -d '{}' >/dev/null
rests flow resume "$application" "${flow[@]}" >/dev/null
echo "Waiting for the review of application $application"
desk "applications/$application/review" -X POST -d '{"approve":true}' >/dev/null
certhallctl flow resume "$application" "${flow[@]}" --json >"$work/report" || { cat "$work/report" >&2; exit 1; }
certificate=$(member certificate <"$work/report")
certhallctl cert show "$certificate"
certhallctl token list
echo "The certificate $certificate lies on a software token in ${XDG_DATA_HOME:-$HOME/.local/share}/certhall/tokens"
