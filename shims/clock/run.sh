#!/bin/sh
# Runs a program on a wall clock that it can set: clock/run.sh PROGRAM [ARGUMENT…]
#
# COOKIESPEC_CLOCK names a file of two 64-bit integers: the program sets the first to 1, and the second
# to the Unix time that its clock stands at from then on. Where `clock/build` has not been run, the
# variable is not set and the clock is the real one.
set -eu

library=$(cd "$(dirname "$0")" && pwd)/.bin/clock.so
if [ -e "$library" ]; then
    # A file that is gone when the program is: only its descriptor is handed on.
    file=$(mktemp)
    exec 9<>"$file"
    rm "$file"
    printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >&9
    export COOKIESPEC_CLOCK=/proc/self/fd/9 LD_PRELOAD="$library" TZ=UTC
fi
exec "$@"
