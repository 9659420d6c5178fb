<?php

// Guzzle: its Client with a CookieJar, on the network.

require __DIR__ . '/protocol.php';
require __DIR__ . '/agent.php';
require __DIR__ . '/packages.php';

use GuzzleHttp\Client as Guzzle;
use GuzzleHttp\Cookie\CookieJar;
use GuzzleHttp\Cookie\FileCookieJar;
use GuzzleHttp\Exception\GuzzleException;

$version = Packages\load('guzzlehttp-guzzle');

final class Client implements Agent\Client, Agent\Saves
{
    private Guzzle $client;
    private CookieJar $jar;

    public function __construct(string $proxy, string $ca)
    {
        $this->jar = new CookieJar();
        $this->client = new Guzzle([
            'cookies' => $this->jar,
            'http_errors' => false,
            'proxy' => ['http' => $proxy, 'https' => $proxy, 'no' => []],
            'verify' => $ca,
        ]);
    }

    public function request(
        string $method,
        string $uri,
        array $headers,
        int $follow,
        ?array $cookies = null,
    ): void {
        $options = ['allow_redirects' => $follow > 0 ? ['max' => $follow] : false, 'headers' => $headers];
        if ($cookies !== null) {
            // They come with a domain, and take the place of the store for this request.
            $options['cookies'] = CookieJar::fromArray($cookies, parse_url($uri, PHP_URL_HOST));
        }
        try {
            $this->client->request($method, $uri, $options);
        } catch (GuzzleException | InvalidArgumentException $error) {
            throw new Agent\Refused($error->getMessage());
        }
    }

    public function save(string $file): void
    {
        $saved = new FileCookieJar($file);
        foreach ($this->jar as $cookie) {
            $saved->setCookie($cookie);
        }
        $saved->save($file);
    }

    public function load(string $file): void
    {
        // It would write the file again at its end, when the file may be gone.
        foreach (new FileCookieJar($file) as $cookie) {
            $this->jar->setCookie($cookie);
        }
    }
}

Protocol\serve(
    [
        'shim' => 'php-guzzle-client/1',
        'impl' => [
            'name' => 'guzzlehttp/guzzle',
            'version' => $version,
            'language' => 'php',
            'source' => 'https://packagist.org/packages/guzzlehttp/guzzle',
        ],
        'can' => ['navigate', 'agent.clear', 'agent.save', 'agent.load', 'caller-cookies'],
        'notes' => 'A Client with a CookieJar, not in its strict mode. It is saved as a FileCookieJar, '
            . 'which has what does not end with the session. No public suffix list.',
    ],
    Agent\operations(fn (string $proxy, string $ca): Client => new Client($proxy, $ca)),
);
