<?php

// Symfony BrowserKit: its HttpBrowser with a CookieJar, over HttpClient, on the network.

require __DIR__ . '/protocol.php';
require __DIR__ . '/agent.php';
require __DIR__ . '/packages.php';

use Symfony\Component\BrowserKit\CookieJar;
use Symfony\Component\BrowserKit\HttpBrowser;
use Symfony\Component\HttpClient\HttpClient;
use Symfony\Contracts\HttpClient\Exception\TransportExceptionInterface;

$version = Packages\load('symfony-browser-kit');
// What it makes requests with, and what it makes their content with.
Packages\load('symfony-http-client');
Packages\load('symfony-mime');

final class Client implements Agent\Client
{
    private HttpBrowser $browser;

    public function __construct(string $proxy, string $ca)
    {
        $client = HttpClient::create(['proxy' => $proxy, 'no_proxy' => '', 'cafile' => $ca]);
        $this->browser = new HttpBrowser($client, null, new CookieJar());
    }

    public function request(string $method, string $uri, array $headers, int $follow): void
    {
        $this->browser->followRedirects($follow > 0);
        $this->browser->setMaxRedirects($follow > 0 ? $follow : -1);
        $fields = [];
        foreach ($headers as $name => $value) {
            $fields['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        try {
            $this->browser->request($method, $uri, [], [], $fields);
        } catch (TransportExceptionInterface $error) {
            throw new Agent\Refused($error->getMessage());
        }
    }
}

Protocol\serve(
    [
        'shim' => 'php-symfony-browser-kit-client/1',
        'impl' => [
            'name' => 'symfony/browser-kit',
            'version' => $version,
            'language' => 'php',
            'source' => 'https://packagist.org/packages/symfony/browser-kit',
        ],
        'can' => ['navigate', 'agent.clear'],
        'notes' => 'An HttpBrowser with a CookieJar, over HttpClient. No public suffix list.',
    ],
    Agent\operations(fn (string $proxy, string $ca): Client => new Client($proxy, $ca)),
);
