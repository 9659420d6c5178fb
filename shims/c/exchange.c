#include "exchange.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BLOCK = 1 << 14 };

// A server with a certificate of its own making, which no client is asked to verify.
static SSL_CTX *server_context(void) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());

    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    SSL_CTX_set_num_tickets(context, 0);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

static bool is_complete(const struct octets *request) {
    return request->size >= 4 && memcmp(request->data + request->size - 4, "\r\n\r\n", 4) == 0;
}

static ssize_t receive_some(int connection, SSL *tls, char *data, size_t size) {
    return tls ? SSL_read(tls, data, (int)size) : read(connection, data, size);
}

static ssize_t send_some(int connection, SSL *tls, const char *data, size_t size) {
    return tls ? SSL_write(tls, data, (int)size) : write(connection, data, size);
}

static void answer(int connection, SSL *tls, struct exchange *exchange) {
    struct octets *request = &exchange->request;
    while (!is_complete(request)) {
        request->data = realloc(request->data, request->size + BLOCK);
        ssize_t arrived = receive_some(connection, tls, request->data + request->size, BLOCK);
        if (arrived <= 0) {
            return;
        }
        request->size += (size_t)arrived;
    }
    struct octets rest = exchange->response;
    while (rest.size) {
        ssize_t sent = send_some(connection, tls, rest.data, rest.size);
        if (sent <= 0) {
            return;
        }
        rest.data += sent;
        rest.size -= (size_t)sent;
    }
}

// Held by the server for the length of a connection, and by the client to look at what came of it.
static pthread_mutex_t busy = PTHREAD_MUTEX_INITIALIZER;
static struct exchange *current;

static void *serve_connections(void *listener) {
    SSL_CTX *context = server_context();
    for (;;) {
        int connection = accept(*(int *)listener, NULL, NULL);
        if (connection < 0) {
            continue;
        }
        pthread_mutex_lock(&busy);
        if (current && !current->tls) {
            answer(connection, NULL, current);
        } else if (current) {
            SSL *tls = SSL_new(context);
            SSL_set_fd(tls, connection);
            if (SSL_accept(tls) == 1) {
                answer(connection, tls, current);
            }
            SSL_free(tls);
        }
        close(connection);
        pthread_mutex_unlock(&busy);
    }
    return NULL;
}

const char *exchange_listen(void) {
    static int listener;
    static struct sockaddr_un address = {.sun_family = AF_UNIX};
    pthread_t server;
    // A name that begins with NUL is abstract: it is gone with the process.
    int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "cookiespec-%ld", (long)getpid());
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 16) != 0 ||
        pthread_create(&server, NULL, serve_connections, &listener) != 0) {
        return NULL;
    }
    return address.sun_path + 1;
}

void exchange_begin(struct exchange *exchange) {
    pthread_mutex_lock(&busy);
    current = exchange;
    pthread_mutex_unlock(&busy);
}

void exchange_end(void) {
    exchange_begin(NULL);
}

struct octets exchange_field(const struct exchange *exchange, const char *name) {
    struct octets value = {0};
    const char *line = exchange->request.data;
    const char *end = line + exchange->request.size;
    size_t length = strlen(name);
    while (line < end) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        if ((size_t)(next - line) > length + 4 && strncasecmp(line, name, length) == 0 &&
            memcmp(line + length, ": ", 2) == 0) {
            // Between the colon with its space and the line's CR LF.
            value.size = (size_t)(next - line) - length - 4;
            value.data = malloc(value.size + 1);
            memcpy(value.data, line + length + 2, value.size);
            return value;
        }
        line = next;
    }
    return value;
}
