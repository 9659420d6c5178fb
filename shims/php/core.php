<?php

// PHP itself: $_COOKIE and setcookie(), in its built-in server.

require __DIR__ . '/protocol.php';
require __DIR__ . '/clock.php';

use Protocol\Unsupported;

use function Protocol\octets;

// The built-in server, at an address of its own; it ends with this program.
function start_server(): string
{
    $free = stream_socket_server('tcp://127.0.0.1:0');
    $address = stream_socket_get_name($free, false);
    fclose($free);
    $command = [PHP_BINARY, '-d', 'expose_php=0', '-S', $address, __DIR__ . '/core_server.php'];
    $server = proc_open($command, [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']], $pipes);
    register_shutdown_function(fn () => proc_terminate($server));
    for ($tries = 0; $tries < 500; $tries++) {
        usleep(10_000);
        if ($connection = @stream_socket_client("tcp://$address")) {
            fclose($connection);
            return $address;
        }
    }
    throw new RuntimeException('the built-in server does not start');
}

// The answer of the application; unsupported where the server's HTTP does not let the octets through.
function ask(string $address, array $fields, string $body): array
{
    $length = strlen($body);
    $request = implode("\r\n", ["POST / HTTP/1.1", 'Host: site.example', "Content-Length: $length", ...$fields, '', $body]);
    $connection = stream_socket_client("tcp://$address");
    fwrite($connection, $request);
    [$head, $answer] = explode("\r\n\r\n", stream_get_contents($connection), 2) + ['', ''];
    fclose($connection);
    if (!str_starts_with($head, 'HTTP/1.1 200 ')) {
        throw new Unsupported('octets');
    }
    return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
}

function field(string $line): string
{
    if (strpbrk($line, "\r\n\0") !== false) {
        throw new Unsupported('octets');
    }
    return "Cookie: $line";
}

function format_set_cookie(string $address, array $asked): array
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
    return ask($address, [], json_encode($asked));
}

$address = start_server();
Protocol\serve(
    [
        'shim' => 'php-core/1',
        'impl' => [
            'name' => 'php',
            'version' => PHP_VERSION,
            'language' => 'php',
            'source' => 'https://www.php.net/manual/en/function.setcookie.php',
        ],
        'can' => ['parse.cookie', 'format.set-cookie'],
        'blind' => ['duplicates'],
        'notes' => '$_COOKIE and setcookie() in the built-in server. Dots and blanks in names become underscores; a '
            . 'name in brackets is an array, whose values are reported one by one. Values are percent-decoded and '
            . 'percent-encoded. Max-Age is written beside Expires. A ValueError is reported as a refusal.',
    ],
    [
        'parse.cookie' => fn (array $asked): array => ask(
            $address,
            array_map(fn (string $line): string => field(octets($line)), $asked['cookie']),
            '',
        ),
        'format.set-cookie' => fn (array $asked): array => format_set_cookie($address, $asked),
    ],
);
