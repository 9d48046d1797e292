#!/usr/bin/env bash
# Makes .venv and .venv-synapse, with --with-node tests/interop/node_modules, with --with-peers .venv-peers (other libraries
# for Matrix, to test and measure against), each once per content of its lock file.
set -euo pipefail
cd -P "$(dirname "$0")/.."

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
need='apt install python3 python3-venv make nodejs npm'
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() {
    printf '%s\n' "setup: $1" >&2
    exit 1
}

find_python() {
    local name
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11 or later is missing. On Debian or Ubuntu, as root: $need"
}

# step TITLE COMMAND...: one line with the time it took; the command's last words if it fails.
step() {
    local title=$1 start=$SECONDS
    shift
    printf '  %-52s' "$title"
    if "$@" >"$log" 2>&1; then
        printf ' %4d s\n' $((SECONDS - start))
    else
        printf ' failed\n'
        tail -n 25 "$log" >&2
        fail "\"$title\" did not work; what it said stands above"
    fi
}

# mark FILE...: what a finished step was made from, so that it is made again when that changes.
mark() {
    { pwd; cat "$@"; } | cksum
}

fresh() {
    [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

# A virtual environment that was copied or whose Python has gone is made anew.
make_venv() {
    local where
    where=$("$1/bin/python" -c 'import sys; print(sys.prefix)' 2>/dev/null || true)
    if [ "$where" != "$PWD/$1" ] || ! "$1/bin/python" -m pip --version; then
        rm -rf "$1"
        "$python" -m venv "$1"
    fi
}

setup_venv() {
    local folder=$1 title=$2 lock=$3 now
    shift 3
    now=$(mark "$lock" pyproject.toml scripts/setup.sh)
    if fresh "$folder/.made-from" "$now" && [ -x "$folder/bin/python" ]; then return; fi
    python=$(find_python)
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "Python's venv is missing. On Debian or Ubuntu, as root: $need"
    step "$folder" make_venv "$folder"
    step "$title" "$folder/bin/python" -m pip install -c "$lock" "$@"
    printf '%s\n' "$now" >"$folder/.made-from"
}

setup_node() {
    local folder=tests/interop now
    now=$(mark $folder/package-lock.json)
    if fresh $folder/node_modules/.made-from "$now"; then return; fi
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null ||
        fail "Node 20 or later is missing. On Debian or Ubuntu, as root: $need (or see nodejs.org)"
    command -v npm >/dev/null || fail "npm is missing. On Debian or Ubuntu, as root: $need"
    step "Element's crypto (npm ci)" npm --prefix $folder ci --no-audit --no-fund
    printf '%s\n' "$now" >$folder/node_modules/.made-from
}

setup_venv .venv "circlekeeper and its tools" requirements.lock -e '.[dev]'
setup_venv .venv-synapse "a real Synapse for tests and demo" requirements-synapse.lock matrix-synapse
for wish in "$@"; do
    case $wish in
    --with-node) setup_node ;;
    --with-peers)
        setup_venv .venv-peers "other libraries for Matrix" requirements-peers.lock \
            'matrix-nio[e2e]' 'mautrix[encryption]' aiosqlite asyncpg
        ;;
    esac
done
