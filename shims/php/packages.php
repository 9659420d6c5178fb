<?php

// The libraries under test. As a program, it prints those that are installed: one `package version` on a line.

namespace Packages;

const CLASSES = [
    'guzzlehttp-guzzle' => ['GuzzleHttp/autoload.php', 'GuzzleHttp\Cookie\CookieJar'],
    'symfony-browser-kit' => ['Symfony/Component/BrowserKit/autoload.php', 'Symfony\Component\BrowserKit\CookieJar'],
    'symfony-http-client' => ['Symfony/Component/HttpClient/autoload.php', 'Symfony\Component\HttpClient\HttpClient'],
    'symfony-http-foundation' => [
        'Symfony/Component/HttpFoundation/autoload.php',
        'Symfony\Component\HttpFoundation\Cookie',
    ],
    'symfony-mime' => ['Symfony/Component/Mime/autoload.php', 'Symfony\Component\Mime\Email'],
];

// Makes a library's classes known, and returns the version of its package; null where it is not installed.
function load(string $package): ?string
{
    [$autoload, $class] = CLASSES[$package];
    if (stream_resolve_include_path($autoload) === false) {
        return null;
    }
    require_once $autoload;
    // The libraries do not know their version.
    $query = "dpkg-query --show --showformat='\${source:Upstream-Version}' php-$package 2>/dev/null";
    return class_exists($class) ? (trim((string) shell_exec($query)) ?: null) : null;
}

if (realpath($argv[0]) === __FILE__) {
    echo 'php ', PHP_VERSION, "\n";
    foreach (array_keys(CLASSES) as $package) {
        if (($version = load($package)) !== null) {
            echo "$package $version\n";
        }
    }
}
