#!/bin/sh
# make_all.sh RENDERS --heads DIR : renders every scene that is missing in RENDERS, then writes the whole collection.
set -eu
renders=$1; heads=${3:-}
here=$(dirname "$0")
mkdir -p "$renders"
for job in street:88:7 house:100:8 shop:85:7 room:85:8 tea:100:14 reading:100:14 bay:75:4 portrait:78:5 group:78:4 river:75:4 wall:85:7; do
  name=${job%%:*}; rest=${job#*:}
  [ -f "$renders/$name.png" ] || python "$here/build.py" "$name" "$renders/$name.png" --percent "${rest%:*}" --samples "${rest#*:}" --heads "$heads"
done
python "$here/develop.py" "$renders"
python "$here/pages.py" "$renders"
python "$here/make_not_ok.py"
python "$here/check.py"
