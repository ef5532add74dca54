# Sourced by each finding. Makes a fresh environment in a temporary folder that goes when the script ends.
#   new_environment MINOR PACKAGE==VERSION...   with Python 3.MINOR or newer; may be called again
#   run_python                                  runs the program on standard input in the newest one
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PYTHONNOUSERSITE=1
unset PYTHONPATH

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[1-9]*/bin/python3; do
        if "$candidate" -c "import ensurepip, sys; sys.exit(sys.version_info < (3, $1))" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.$1 or newer is needed; name one: PYTHON=/path/to/python3" >&2
    return 1
}

new_environment() {
    local python
    python=$(find_python "$1")
    shift
    environment=$(mktemp -d -p "$folder")
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet "$@"
    "$environment/bin/python" -m pip list --format=freeze 2>/dev/null |
        grep -iE "^($(printf '%s\n' "$@" | sed 's/[=<>].*//' | paste -sd'|'))==" || { echo "not installed: $*" >&2; return 1; }
}

run_python() {
    (cd "$folder" && "$environment/bin/python" -W ignore -)
}
