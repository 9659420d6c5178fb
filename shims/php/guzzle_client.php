<?php

// Guzzle: its Client with a CookieJar, on the network.

require __DIR__ . '/protocol.php';
require __DIR__ . '/agent.php';
require __DIR__ . '/packages.php';

use GuzzleHttp\Client as Guzzle;
use GuzzleHttp\Cookie\CookieJar;
use GuzzleHttp\Exception\GuzzleException;

$version = Packages\load('guzzlehttp-guzzle');

final class Client implements Agent\Client
{
    private Guzzle $client;

    public function __construct(string $proxy, string $ca)
    {
        $this->client = new Guzzle([
            'cookies' => new CookieJar(),
            'http_errors' => false,
            'proxy' => ['http' => $proxy, 'https' => $proxy, 'no' => []],
            'verify' => $ca,
        ]);
    }

    public function request(string $method, string $uri, array $headers, int $follow): void
    {
        $redirects = $follow > 0 ? ['max' => $follow] : false;
        try {
            $this->client->request($method, $uri, ['allow_redirects' => $redirects, 'headers' => $headers]);
        } catch (GuzzleException | InvalidArgumentException $error) {
            throw new Agent\Refused($error->getMessage());
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
        'can' => ['navigate', 'agent.clear'],
        'notes' => 'A Client with a CookieJar, not in its strict mode. No public suffix list.',
    ],
    Agent\operations(fn (string $proxy, string $ca): Client => new Client($proxy, $ca)),
);
