<?php

// The operation `jar`: a program for a cookie store that is made for it.

namespace Jar;

use Protocol\Unsupported;

use function Protocol\octets;
use function Protocol\text;

// A cookie store behind its library's client code.
interface Store
{
    // The Set-Cookie field lines of a response.
    public function receive(string $uri, array $lines): void;

    // The Cookie field of a request; null where it has none.
    public function send(string $uri): ?string;
}

// A store that can be written out and read back, without its session cookies.
interface Persistent
{
    public function restart(): void;
}

// The operation for a class of stores that are told a URI and nothing else; `$make` is given the program.
function of(callable $make): callable
{
    return function (array $asked) use ($make): array {
        \Clock\set($asked['now']);
        $store = $make($asked);
        $observations = [];
        foreach ($asked['steps'] as $step) {
            circumstances($step);
            match ($step['do']) {
                'receive' => $store->receive(octets($step['uri']), array_map(octets(...), $step['set_cookie'])),
                'send' => $observations[$step['at']] = ['header' => text($store->send(octets($step['uri'])))],
                'advance' => \Clock\advance($step['secs']),
                'restart' => $store instanceof Persistent ? $store->restart() : throw new Unsupported('restart'),
                default => throw new Unsupported($step['do']),
            };
        }
        return ['obs' => (object) $observations];
    };
}

function circumstances(array $step): void
{
    if (str_starts_with($step['do'], 'script') || ($step['context']['api'] ?? '') === 'script') {
        throw new Unsupported('script');
    }
    if (($step['context']['same_site'] ?? true) === false) {
        throw new Unsupported('same-site');
    }
}
