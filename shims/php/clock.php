<?php

// The wall clock of this process, where `clock/run.sh` has put one that can be set.

namespace Clock;

function is_there(): bool
{
    return getenv('COOKIESPEC_CLOCK') !== false;
}

// These abilities, and `clock` where it can be set.
function abilities(string ...$can): array
{
    return is_there() ? [...$can, 'clock'] : $can;
}

// Sets the clock, in Unix seconds; does nothing where it is the real one.
function set(int $now): void
{
    static $file = null;
    if (is_there()) {
        // PHP looks where the link /proc/self/fd/N leads, and the file is gone; its descriptor is not.
        $file ??= fopen('php://fd/' . basename(getenv('COOKIESPEC_CLOCK')), 'r+');
        fseek($file, 0);
        fwrite($file, pack('qq', 1, $now));
        fflush($file);
    }
}

function advance(int $seconds): void
{
    if (!is_there()) {
        throw new \Protocol\Unsupported('clock');
    }
    set(time() + $seconds);
}
