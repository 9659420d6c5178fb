<?php

// What the shims of HTTP clients share: the operations by which a client is taken through a walk.
//
// `operations` takes a callable that makes a client with an empty cookie store, by the URI of the proxy
// and the file of the certificate authority. A client throws `Refused` where its HTTP layer refuses a
// request or a response.

namespace Agent;

use function Protocol\text;

interface Client
{
    public function request(string $method, string $uri, array $headers, int $follow): void;
}

final class Refused extends \Exception
{
}

function operations(callable $new_client): array
{
    $settings = null;
    $client = null;
    $clear = function () use (&$settings, &$client, $new_client): object {
        $client = $new_client(...$settings);
        return (object) [];
    };
    return [
        'agent.start' => function (array $asked) use (&$settings, $clear): object {
            $settings = [$asked['proxy'], $asked['ca']];
            return $clear();
        },
        'agent.clear' => fn (array $asked): object => $clear(),
        'navigate' => function (array $asked) use (&$client): object {
            $headers = array_column($asked['headers'], 1, 0);
            try {
                $client->request($asked['method'], $asked['uri'], $headers, $asked['follow']);
                return (object) [];
            } catch (Refused $refused) {
                return (object) ['refused' => text($refused->getMessage())];
            }
        },
    ];
}
