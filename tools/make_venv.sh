#!/usr/bin/env bash
# Makes the virtual environment, or says in one sentence what is missing.
# Usage: tools/make_venv.sh PYTHON DIRECTORY
set -euo pipefail

python="$1"
venv="$2"

stop() {
  printf 'make setup: %s\n' "$*" >&2
  exit 1
}

# A distribution's `python3` may be older than the one that stands beside it under its own number.
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if ! new_enough "$python"; then
  found="$("$python" -c 'import sys; print("Python " + sys.version.split()[0])' 2>/dev/null || echo "no working '$python'")"
  for other in python3.13 python3.12 python3.11; do
    if new_enough "$other"; then
      echo "make setup: $found is too old, using $other" >&2
      python="$other"
      break
    fi
  done
  new_enough "$python" || stop "Gongkai needs Python 3.11 or newer; found $found. Install one, or name it: make setup PYTHON=/path/to/python3.11"
fi

if [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  exit 0
fi

"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
  stop "$("$python" -c 'import sys; print("Python %d.%d" % sys.version_info[:2])') has no venv or ensurepip. On Debian or Ubuntu: apt install python3-venv"

"$python" -m venv --clear "$venv"
