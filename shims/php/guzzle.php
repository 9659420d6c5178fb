<?php

// Guzzle: its SetCookie and CookieJar.

require __DIR__ . '/protocol.php';
require __DIR__ . '/clock.php';
require __DIR__ . '/jar.php';
require __DIR__ . '/packages.php';

use GuzzleHttp\Cookie\CookieJar;
use GuzzleHttp\Cookie\FileCookieJar;
use GuzzleHttp\Cookie\SetCookie;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Response;
use Protocol\Unsupported;

use function Protocol\integer;
use function Protocol\octets;
use function Protocol\text;

$version = Packages\load('guzzlehttp-guzzle');

function parse_set_cookie(array $asked): array
{
    if (isset($asked['now'])) {
        Clock\set($asked['now']);
    }
    $cookie = SetCookie::fromString(octets($asked['set_cookie']));
    if ($cookie->getName() === null) {
        return ['cookie' => null];
    }
    $max_age = integer($cookie->getMaxAge());
    return [
        'cookie' => [
            'name' => text($cookie->getName()),
            'value' => text($cookie->getValue() ?? ''),
            'domain' => text($cookie->getDomain()),
            'path' => text($cookie->getPath()),
            'expires' => $max_age === null ? integer($cookie->getExpires()) : null,
            'max_age' => $max_age,
            'secure' => (bool) $cookie->getSecure(),
            'http_only' => (bool) $cookie->getHttpOnly(),
        ],
    ];
}

final class Store implements Jar\Store, Jar\Persistent
{
    private CookieJar $jar;
    private ?string $file = null;

    public function __construct(array $program)
    {
        if (in_array('restart', array_column($program['steps'], 'do'), true)) {
            $this->file = tempnam(sys_get_temp_dir(), 'cookiespec-guzzle-');
            $this->jar = new FileCookieJar($this->file);
        } else {
            $this->jar = new CookieJar();
        }
    }

    public function __destruct()
    {
        unset($this->jar);
        if ($this->file !== null) {
            unlink($this->file);
        }
    }

    public function receive(string $uri, array $lines): void
    {
        try {
            $response = new Response(200, $lines ? ['Set-Cookie' => $lines] : []);
        } catch (InvalidArgumentException) {
            // Its header fields have no control characters: the cookies never see them.
            throw new Unsupported('octets');
        }
        $this->jar->extractCookies(request($uri), $response);
    }

    public function send(string $uri): ?string
    {
        $request = $this->jar->withCookieHeader(request($uri));
        return $request->hasHeader('Cookie') ? $request->getHeaderLine('Cookie') : null;
    }

    public function restart(): void
    {
        $this->jar->save($this->file);
        $this->jar = new FileCookieJar($this->file);
    }
}

function request(string $uri): Request
{
    try {
        return new Request('GET', $uri);
    } catch (InvalidArgumentException) {
        throw new Unsupported('uri');
    }
}

Protocol\serve(
    [
        'shim' => 'php-guzzle/1',
        'impl' => [
            'name' => 'guzzlehttp/guzzle',
            'version' => $version,
            'language' => 'php',
            'source' => 'https://packagist.org/packages/guzzlehttp/guzzle',
        ],
        'can' => Clock\abilities('parse.set-cookie', 'jar', 'restart', 'secure'),
        'blind' => ['same_site', 'partitioned'],
        'notes' => 'CookieJar, not in its strict mode; FileCookieJar where a session ends. Without Path, `/` is '
            . 'reported. No public suffix list.',
    ],
    ['parse.set-cookie' => parse_set_cookie(...), 'jar' => Jar\of(fn (array $program) => new Store($program))],
);
