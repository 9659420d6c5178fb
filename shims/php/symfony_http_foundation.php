<?php

// Symfony HttpFoundation: the cookies of its responses; also Laravel's and Drupal's.

require __DIR__ . '/protocol.php';
require __DIR__ . '/clock.php';
require __DIR__ . '/packages.php';

use Protocol\Unsupported;
use Symfony\Component\HttpFoundation\Cookie;

use function Protocol\integer;
use function Protocol\octets;
use function Protocol\text;

$version = Packages\load('symfony-http-foundation');

function parse_set_cookie(array $asked): array
{
    if (isset($asked['now'])) {
        Clock\set($asked['now']);
    }
    try {
        $cookie = Cookie::fromString(octets($asked['set_cookie']));
    } catch (InvalidArgumentException) {
        return ['cookie' => null];
    }
    return [
        'cookie' => [
            'name' => text($cookie->getName()),
            'value' => text($cookie->getValue() ?? ''),
            'domain' => text($cookie->getDomain()),
            'path' => text($cookie->getPath()),
            'expires' => $cookie->getExpiresTime() === 0 ? null : integer($cookie->getExpiresTime()),
            'secure' => $cookie->isSecure(),
            'http_only' => $cookie->isHttpOnly(),
            'same_site' => $cookie->getSameSite() === null ? null : ucfirst(text($cookie->getSameSite())),
        ],
    ];
}

function format_set_cookie(array $asked): array
{
    foreach (['max_age', 'partitioned'] as $lacking) {
        if (isset($asked[$lacking]) && $asked[$lacking] !== false) {
            throw new Unsupported($lacking);
        }
    }
    if (($asked['expires'] ?? null) === 0) {
        // To it, 0 is no time at all.
        throw new Unsupported('expires');
    }
    // It writes the seconds from now into a Max-Age beside Expires; this way it writes the same each time.
    Clock\set(0);
    try {
        $cookie = new Cookie(
            octets($asked['name']),
            octets($asked['value']),
            $asked['expires'] ?? 0,
            octets($asked['path'] ?? null),
            octets($asked['domain'] ?? null),
            $asked['secure'] ?? false,
            $asked['http_only'] ?? false,
            false,
            octets($asked['same_site'] ?? null),
        );
    } catch (InvalidArgumentException) {
        return ['set_cookie' => null];
    }
    return ['set_cookie' => text((string) $cookie)];
}

Protocol\serve(
    [
        'shim' => 'php-symfony-http-foundation/1',
        'impl' => [
            'name' => 'symfony/http-foundation',
            'version' => $version,
            'language' => 'php',
            'source' => 'https://packagist.org/packages/symfony/http-foundation',
        ],
        'can' => ['parse.set-cookie', 'format.set-cookie'],
        'blind' => ['max_age', 'partitioned'],
        'notes' => 'Max-Age becomes a time of expiry as it is read, and is written beside Expires. Without Path, `/` is '
            . 'reported and written. Values are percent-encoded as they are written. An InvalidArgumentException is '
            . 'reported as a rejection or a refusal.',
    ],
    ['parse.set-cookie' => parse_set_cookie(...), 'format.set-cookie' => format_set_cookie(...)],
);
