#!/bin/sh
# Runs the API, a worker or a command in a container: service.sh api | worker | cli <command> [argument …]
# `exec` replaces this shell with Node.js, so the program itself gets SIGTERM and no second process stays in memory.
set -eu
program=${1:-}
[ $# -eq 0 ] || shift
command=$(node bin/service-command.mjs "$program")
# The command is split at its blanks on purpose.
# shellcheck disable=SC2086
exec env $command "$@"
