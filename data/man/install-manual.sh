#!/bin/sh
# install-manual.sh FROM TO: under another name than the build gave it, which makes one of each language in one folder
set -e
mkdir -p "$(dirname "${DESTDIR:-}$2")"
cp "$1" "${DESTDIR:-}$2"
chmod 644 "${DESTDIR:-}$2"
