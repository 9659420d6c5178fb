<?php

// Symfony BrowserKit: the cookie store of HttpBrowser and of the test clients of Symfony and Goutte.

require __DIR__ . '/protocol.php';
require __DIR__ . '/clock.php';
require __DIR__ . '/jar.php';
require __DIR__ . '/packages.php';

use Symfony\Component\BrowserKit\Cookie;
use Symfony\Component\BrowserKit\CookieJar;

use function Protocol\integer;
use function Protocol\octets;
use function Protocol\text;

$version = Packages\load('symfony-browser-kit');

function parse_set_cookie(array $asked): array
{
    if (isset($asked['now'])) {
        Clock\set($asked['now']);
    }
    try {
        $cookie = Cookie::fromString(octets($asked['set_cookie']), octets($asked['uri'] ?? null));
    } catch (InvalidArgumentException) {
        return ['cookie' => null];
    }
    return [
        'cookie' => [
            'name' => text($cookie->getName()),
            'value' => text($cookie->getRawValue()),
            'path' => text($cookie->getPath()),
            'expires' => integer($cookie->getExpiresTime()),
            'secure' => $cookie->isSecure(),
            'http_only' => $cookie->isHttpOnly(),
            'same_site' => text($cookie->getSameSite()),
        ],
    ];
}

final class Store implements Jar\Store
{
    private CookieJar $jar;

    public function __construct()
    {
        $this->jar = new CookieJar();
    }

    public function receive(string $uri, array $lines): void
    {
        $this->jar->updateFromSetCookie($lines, $uri);
    }

    // As HttpBrowser writes it.
    public function send(string $uri): ?string
    {
        $pairs = [];
        foreach ($this->jar->allRawValues($uri) as $name => $value) {
            $pairs[] = "$name=$value";
        }
        return $pairs === [] ? null : implode('; ', $pairs);
    }
}

Protocol\serve(
    [
        'shim' => 'php-symfony-browser-kit/1',
        'impl' => [
            'name' => 'symfony/browser-kit',
            'version' => $version,
            'language' => 'php',
            'source' => 'https://packagist.org/packages/symfony/browser-kit',
        ],
        'can' => Clock\abilities('parse.set-cookie', 'jar', 'secure'),
        'blind' => ['domain', 'max_age', 'partitioned'],
        'notes' => 'Max-Age becomes a time of expiry as it is read. Without Domain and Path, it has those of the URL: '
            . 'the domain is not reported. An InvalidArgumentException is reported as a rejection. No public suffix list.',
    ],
    ['parse.set-cookie' => parse_set_cookie(...), 'jar' => Jar\of(fn () => new Store())],
);
