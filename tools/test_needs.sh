#!/usr/bin/env bash
# Installs the Debian packages that the tests use. Without root, or without apt, it says what to install.
set -euo pipefail

missing=()
fc-list :lang=zh-cn family 2>/dev/null | grep -q 'Noto Sans CJK' || missing+=(fonts-noto-cjk fontconfig)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
[ "${#missing[@]}" -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "make test: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  log="$(mktemp)"
  trap 'rm -f "$log"' EXIT
  # The package lists of a fresh machine may be absent or old: try what is there first, then renew them once.
  install() { apt-get install --yes --no-install-recommends "${missing[@]}" >"$log" 2>&1 </dev/null; }
  install || { apt-get update >"$log" 2>&1 </dev/null && install; } || {
    tail -n 20 "$log" >&2
    echo "make test: apt could not install ${missing[*]}" >&2
    exit 1
  }
else
  echo "make test: the tests need these packages; install them first: ${missing[*]}" >&2
  echo "  on Debian or Ubuntu: sudo apt install ${missing[*]}" >&2
  exit 1
fi
