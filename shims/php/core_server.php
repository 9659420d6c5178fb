<?php

// The application that `core.php` puts its questions to, in PHP's built-in server.

require __DIR__ . '/protocol.php';

use function Protocol\octets;
use function Protocol\text;

// What it prints is the answer.
ini_set('display_errors', '0');

// The cookies of the request; a name with brackets has made an array of its values.
function pairs(array $cookies, string $prefix = '', string $suffix = ''): array
{
    $pairs = [];
    foreach ($cookies as $name => $value) {
        $name = $prefix . $name . $suffix;
        array_push($pairs, ...(is_array($value) ? pairs($value, $name . '[', ']') : [[text($name), text($value)]]));
    }
    return $pairs;
}

function written(array $asked): ?string
{
    $options = [
        'expires' => $asked['expires'] ?? 0,
        'path' => octets($asked['path'] ?? ''),
        'domain' => octets($asked['domain'] ?? ''),
        'secure' => $asked['secure'] ?? false,
        'httponly' => $asked['http_only'] ?? false,
        'samesite' => octets($asked['same_site'] ?? ''),
    ];
    try {
        setcookie(octets($asked['name']), octets($asked['value']), $options);
    } catch (ValueError) {
        return null;
    }
    foreach (headers_list() as $field) {
        if (str_starts_with($field, 'Set-Cookie: ')) {
            return text(substr($field, strlen('Set-Cookie: ')));
        }
    }
    return null;
}

$body = file_get_contents('php://input');
$answer = $body === '' ? ['pairs' => pairs($_COOKIE)] : ['set_cookie' => written(json_decode($body, true))];
header_remove('Set-Cookie');
echo json_encode($answer, JSON_UNESCAPED_UNICODE);
