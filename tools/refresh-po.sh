#!/usr/bin/env bash
# Lists the files with texts in po/POTFILES.in, gathers the texts and merges them into each translation.
#   refresh-po.sh           changes po/
#   refresh-po.sh --check   changes nothing; prints what is not up to date; status 1 if anything
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
export LC_ALL=C

out=po
if [ "${1:-}" = --check ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
  cp po/*.po "$out"
fi

{
  echo '# Written by ./dev po: the files with texts for people'
  grep -rlE --include='*.[ch]' '\b(N?_|N?C_|ngettext|g_dngettext|g_dpgettext2) ?\("' src || true
  grep -rlE --include='*.ui' 'translatable="(yes|true|1)"' src || true
  ls data/*.desktop.in data/*.metainfo.xml.in
} | (read -r head && echo "$head" && sort) > "$out/POTFILES.in"

# The flags of meson's preset `glib`; the file without the line, which would change with every edit
xgettext --files-from="$out/POTFILES.in" --output="$out/certhall.pot" --from-code=UTF-8 --add-comments=Translators \
  --sort-by-file --add-location=file --package-name=certhall --copyright-holder='The Certhall developers' \
  --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 --keyword=g_dngettext:2,3 --keyword=g_dpgettext2:2c,3 \
  --flag=N_:1:pass-c-format --flag=C_:2:pass-c-format --flag=NC_:2:pass-c-format --flag=g_strdup_printf:1:c-format \
  --flag=g_string_printf:2:c-format --flag=g_string_append_printf:2:c-format --flag=g_set_error:4:c-format

for po in "$out"/*.po; do
  msgmerge --quiet --update --backup=none --no-fuzzy-matching --sort-by-file --add-location=file "$po" "$out/certhall.pot"
  # What is no longer in the program is dropped; git remembers
  msgattrib --no-obsolete --sort-by-file --add-location=file --output-file="$po" "$po"
done

status=0
if [ "$out" != po ]; then
  diff -u po/POTFILES.in "$out/POTFILES.in" || status=1
  for po in "$out"/*.po; do
    diff -u <(grep '^msg' "po/${po##*/}") <(grep '^msg' "$po") || status=1
  done
else
  rm "$out/certhall.pot"
  for po in "$out"/*.po; do
    msgfmt --check --statistics --output-file=/dev/null "$po"
  done
fi
exit $status
