<?php

// The shim protocol on stdin and stdout: one JSON object per line.
//
// A shim calls `serve` with its description and one callable per operation, which takes the `in` member
// of a request and returns the `ok` member of the answer. It throws `Unsupported` for what the library
// lacks; any other exception is reported as `error`.
//
// Strings that stand for octets have one code point U+0000..U+00FF per octet in JSON. `octets` makes a
// PHP string of one, and `text` is its inverse.

namespace Protocol;

const PROTOCOL = 1;
const WINDOW = 64;
const BATCH = 256;
const BLOCK = 1 << 16;
// The protocol's integers stay below 2^53 on either side of zero.
const MAX_INTEGER = 2 ** 53 - 1;

// The implementation has no such operation or ability.
final class Unsupported extends \Exception
{
}

// Warnings are no exceptions: they are remarks for the report.
ini_set('display_errors', 'stderr');
ini_set('log_errors', '0');
error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);

function octets(?string $string): ?string
{
    return $string === null ? null : mb_convert_encoding($string, 'ISO-8859-1', 'UTF-8');
}

function text(?string $octets): ?string
{
    return $octets === null ? null : mb_convert_encoding($octets, 'UTF-8', 'ISO-8859-1');
}

// The nearest integer that the protocol can carry; null where there is no number.
function integer(int|float|string|null $number): ?int
{
    return is_numeric($number) ? (int) max(-MAX_INTEGER, min($number, MAX_INTEGER)) : null;
}

// Answers requests until stdin ends or `bye` arrives.
function serve(array $description, array $operations): void
{
    $operations['hello'] = fn (array $asked): array => hello($description, $asked);
    $operations['echo'] = fn (array $asked): array => ['data' => text(octets($asked['data']))];
    $operations['batch'] = fn (array $asked): array => [
        'results' => array_map(fn (array $request): array => answer($operations, $request), $asked['cases']),
    ];

    // stdout carries the protocol only; what a library prints is a remark for the report.
    ob_start(fn (string $printed): string => fwrite(STDERR, $printed) === false ? $printed : '', 1);

    $unread = '';
    // Every request that has arrived is answered before the next read: one write for a window.
    while (($block = read()) !== '') {
        $lines = explode("\n", $unread . $block);
        $unread = array_pop($lines);
        $ready = '';
        foreach ($lines as $line) {
            $request = parse($line);
            if ($request === null || $request['op'] === 'bye') {
                fwrite(STDOUT, $ready);
                exit($request === null ? 2 : 0);
            }
            $ready .= json_encode(answer($operations, $request), JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR) . "\n";
        }
        fwrite(STDOUT, $ready);
    }
}

// What has arrived on stdin; nothing at its end.
function read(): string
{
    $readable = [STDIN];
    $none = null;
    stream_set_blocking(STDIN, false);
    while (!feof(STDIN)) {
        stream_select($readable, $none, $none, null);
        $block = fread(STDIN, BLOCK);
        if ($block !== '' && $block !== false) {
            return $block;
        }
        $readable = [STDIN];
    }
    return '';
}

// The request on a line; null, and a remark on stderr, where there is none to be answered.
function parse(string $line): ?array
{
    $request = json_decode($line, true);
    if (is_array($request) && is_int($request['id'] ?? null) && is_string($request['op'] ?? null)) {
        return $request;
    }
    fwrite(STDERR, 'not a request with `id` and `op`: ' . substr($line, 0, 200) . "\n");
    return null;
}

function answer(array $operations, array $request): array
{
    $reply = array_intersect_key($request, ['id' => true]);
    try {
        $operation = $operations[$request['op']] ?? throw new Unsupported($request['op']);
        $reply['ok'] = $operation($request['in'] ?? []);
    } catch (Unsupported $lacking) {
        $reply['unsupported'] = ['need' => $lacking->getMessage()];
    } catch (\Throwable $error) {
        $reply['error'] = ['message' => $error::class . ': ' . text($error->getMessage())];
    }
    return $reply;
}

function hello(array $description, array $asked): array
{
    if (!in_array(PROTOCOL, $asked['protocol'], true)) {
        throw new Unsupported('protocol');
    }
    return ['protocol' => PROTOCOL, 'window' => WINDOW, 'batch' => BATCH] + $description;
}
