#!/bin/sh
# A Chromium for the stories at a browser. Installs Debian's package where there is none and we may.
set -eu
[ -n "${PARALLAX_CHROMIUM:-}" ] && exit 0
command -v chromium >/dev/null || command -v google-chrome >/dev/null && exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null && { [ -z "$as_root" ] || $as_root true 2>/dev/null; }; then
    echo "Installing Debian's package chromium (once; about a minute)" >&2
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
else
    echo "Installing the Chromium of Playwright (once)" >&2
    .venv/bin/python -m playwright install chromium
fi
