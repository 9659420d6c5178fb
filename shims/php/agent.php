<?php

// What the shims of HTTP clients share: the operations by which a client is taken through a walk.
//
// `operations` takes a callable that makes a client with an empty cookie store, by the URI of the proxy
// and the file of the certificate authority. One that can take cookies for one request has a fifth
// parameter of `request`, their values by their names. A client throws `Refused` where its HTTP layer refuses a
// request or a response.

namespace Agent;

use Protocol\Unsupported;

use function Protocol\text;

interface Client
{
    public function request(string $method, string $uri, array $headers, int $follow): void;
}

// A client whose library writes and reads its store. A new one is asked to load.
interface Saves
{
    public function save(string $file): void;

    public function load(string $file): void;
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
            $given = isset($asked['cookies']) ? [array_column($asked['cookies'], 1, 0)] : [];
            try {
                $client->request($asked['method'], $asked['uri'], $headers, $asked['follow'], ...$given);
                return (object) [];
            } catch (Refused $refused) {
                return (object) ['refused' => text($refused->getMessage())];
            }
        },
        'agent.save' => function (array $asked) use (&$client): object {
            saving($client, 'agent.save')->save($asked['file']);
            return (object) [];
        },
        'agent.load' => function (array $asked) use (&$client, $clear): object {
            $clear();
            saving($client, 'agent.load')->load($asked['file']);
            return (object) [];
        },
    ];
}

function saving(Client $client, string $operation): Saves
{
    return $client instanceof Saves ? $client : throw new Unsupported($operation);
}
