<?php

// PHP's own sessions, in the built-in server: every page but the public one starts a session.

declare(strict_types=1);

const PASSWORDS = ['alice' => 'wonderland', 'bob' => 'builder'];

$page = $_SERVER['REQUEST_METHOD'] . ' ' . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($page === 'GET /') {
    echo 'public';
    return;
}

session_start();
match ($page) {
    'GET /whoami' => answer(['user' => $_SESSION['user'] ?? null]),
    'POST /login' => login(),
    'POST /logout' => logout(),
    'GET /get' => answer(['value' => $_SESSION['state'][$_GET['key']] ?? null]),
    'POST /set' => write(),
    'POST /error' => fail(),
    default => http_response_code(404),
};

function login(): void
{
    $user = $_POST['user'] ?? '';
    if (!isset(PASSWORDS[$user]) || PASSWORDS[$user] !== ($_POST['password'] ?? '')) {
        http_response_code(403);
        return;
    }
    session_regenerate_id(true);
    $_SESSION['user'] = $user;
    answer(['user' => $user]);
}

// As in the manual, under session_destroy().
function logout(): void
{
    $_SESSION = [];
    $params = session_get_cookie_params();
    setcookie(
        session_name(),
        '',
        time() - 42000,
        $params['path'],
        $params['domain'],
        $params['secure'],
        $params['httponly']
    );
    session_destroy();
    answer(['user' => null]);
}

function write(): void
{
    $_SESSION['state'][$_POST['key']] = $_POST['value'];
    answer(['value' => $_POST['value']]);
}

function fail(): void
{
    $_SESSION['state'][$_POST['key']] = $_POST['value'];
    http_response_code(500);
}

function answer(array $body): void
{
    header('Content-Type: application/json');
    echo json_encode($body);
}
