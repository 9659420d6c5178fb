// libcurl: its cookie engine, through whole transfers, since it takes cookies no other way.

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "exchange.h"
#include "jar.h"

struct store {
    CURL *easy;
    // What it is written out to and read back from; empty until then.
    char file[32];
};

static size_t ignore_body(char *data, size_t size, size_t count, void *store) {
    (void)data, (void)store;
    return size * count;
}

static const char *server;

// A handle with the engine switched on, which never leaves this process.
static CURL *new_handle(void) {
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_ABSTRACT_UNIX_SOCKET, server);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
    return easy;
}

static void *make(const json_t *program) {
    (void)program;
    struct store *store = calloc(1, sizeof *store);
    store->easy = new_handle();
    return store;
}

static void discard(void *argument) {
    struct store *store = argument;
    curl_easy_cleanup(store->easy);
    if (store->file[0]) {
        unlink(store->file);
    }
    free(store);
}

// A request for the URI of the step; after success `exchange` holds what was asked.
static bool transfer(struct store *store, const json_t *step, struct exchange *exchange) {
    const json_t *context = json_object_get(step, "context");
    const char *api = json_string_value(json_object_get(context, "api"));
    if (api && strcmp(api, "script") == 0) {
        return unsupported("script");
    }
    if (json_is_false(json_object_get(context, "same_site"))) {
        return unsupported("same-site");
    }
    char *uri = text_of(json_object_get(step, "uri"));
    if (!uri) {
        return false;
    }
    exchange->tls = strncasecmp(uri, "https:", 6) == 0;
    curl_easy_setopt(store->easy, CURLOPT_URL, uri);
    exchange_begin(exchange);
    CURLcode code = curl_easy_perform(store->easy);
    exchange_end();
    free(uri);
    switch (code) {
    case CURLE_OK:
        return true;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_COULDNT_RESOLVE_HOST:
        return unsupported("uri");
    case CURLE_WEIRD_SERVER_REPLY:
        // A field value that its HTTP parser takes for no HTTP.
        return unsupported("octets");
    default:
        return failed(curl_easy_strerror(code));
    }
}

static bool append(struct octets *to, const char *data, size_t size) {
    char *grown = realloc(to->data, to->size + size + 1);
    if (!grown) {
        return failed("out of memory");
    }
    memcpy(grown + to->size, data, size);
    to->data = grown;
    to->size += size;
    return true;
}

// The response with one field line for each string.
static bool write_response(struct octets *response, const json_t *lines) {
    const char head[] = "HTTP/1.1 204 No Content\r\n";
    bool written = append(response, head, sizeof head - 1);
    size_t i;
    const json_t *line;
    json_array_foreach(lines, i, line) {
        struct octets value = octets_of(line);
        if (value.size && (memchr(value.data, '\n', value.size) || memchr(value.data, '\r', value.size))) {
            unsupported("octets");
            written = false;
        }
        written = written && append(response, "Set-Cookie: ", 12) && append(response, value.data, value.size) &&
                  append(response, "\r\n", 2);
        free(value.data);
    }
    return written && append(response, "\r\n", 2);
}

static bool receive(void *store, const json_t *step) {
    struct exchange exchange = {0};
    bool done = write_response(&exchange.response, json_object_get(step, "set_cookie")) &&
                transfer(store, step, &exchange);
    free(exchange.response.data);
    free(exchange.request.data);
    return done;
}

static json_t *send_request(void *store, const json_t *step) {
    struct exchange exchange = {0};
    json_t *sent = NULL;
    if (write_response(&exchange.response, NULL) && transfer(store, step, &exchange)) {
        struct octets header = exchange_field(&exchange, "Cookie");
        sent = json_pack("{s:o}", "header", header.data ? octets(header.data, header.size) : json_null());
        free(header.data);
    }
    free(exchange.response.data);
    free(exchange.request.data);
    return sent;
}

// Writes the store to a file and starts a new session with it, as `curl -b FILE -c FILE -j` does.
static bool restart(void *argument) {
    struct store *store = argument;
    if (!store->file[0]) {
        strcpy(store->file, "/tmp/cookiespec-curl-XXXXXX");
        int file = mkstemp(store->file);
        if (file < 0) {
            store->file[0] = '\0';
            return failed("no temporary file");
        }
        close(file);
    }
    curl_easy_setopt(store->easy, CURLOPT_COOKIEJAR, store->file);
    curl_easy_cleanup(store->easy);
    store->easy = new_handle();
    curl_easy_setopt(store->easy, CURLOPT_COOKIESESSION, 1L);
    curl_easy_setopt(store->easy, CURLOPT_COOKIEFILE, store->file);
    return curl_easy_setopt(store->easy, CURLOPT_COOKIELIST, "RELOAD") == CURLE_OK;
}

// One line of the Netscape cookie file: domain, tail match, path, secure, expires, name, value.
static json_t *stored(char *line) {
    const char *http_only = "#HttpOnly_";
    bool is_http_only = strncmp(line, http_only, strlen(http_only)) == 0;
    line += is_http_only ? strlen(http_only) : 0;
    const char *fields[7] = {0};
    for (int i = 0; i < 7; i++) {
        fields[i] = i < 6 ? strsep(&line, "\t") : line;
        if (!fields[i]) {
            return NULL;
        }
    }
    bool host_only = strcmp(fields[1], "TRUE") != 0;
    long long expires = atoll(fields[4]);
    return json_pack("{s:o,s:o,s:o,s:b,s:o,s:o,s:b,s:b}", "name", octets_or_null(fields[5]), "value",
                     octets_or_null(fields[6]), "domain", octets_or_null(fields[0] + (*fields[0] == '.')),
                     "host_only", host_only, "path", octets_or_null(fields[2]), "expires",
                     expires ? json_integer(expires) : json_null(), "secure", strcmp(fields[3], "TRUE") == 0,
                     "http_only", is_http_only);
}

static json_t *dump(void *argument) {
    struct store *store = argument;
    struct curl_slist *lines = NULL;
    curl_easy_getinfo(store->easy, CURLINFO_COOKIELIST, &lines);
    json_t *cookies = json_array();
    for (struct curl_slist *line = lines; line; line = line->next) {
        json_array_append_new(cookies, stored(line->data));
    }
    curl_slist_free_all(lines);
    return json_pack("{s:o}", "cookies", cookies);
}

static const struct jar JAR = {make, receive, send_request, dump, restart, discard};

static json_t *perform_jar(const json_t *in) {
    return jar_perform(&JAR, in);
}

static json_t *parse_date(const json_t *in) {
    char *date = text_of(json_object_get(in, "date"));
    if (!date) {
        return NULL;
    }
    time_t unix_time = curl_getdate(date, NULL);
    free(date);
    return json_pack("{s:o}", "unix", unix_time == -1 ? json_null() : json_integer(unix_time));
}

int main(void) {
    // The server's end writes to a client that may have seen enough.
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_ALL);
    server = exchange_listen();
    if (!server) {
        perror("no Unix socket to listen on");
        return 1;
    }
    json_t *description = json_pack(
        "{s:s,s:{s:s,s:s,s:s,s:s},s:[s,s,s,s,s,s],s:[s,s,s,s],s:s}", "shim", "c-curl/1", "impl", "name",
        "libcurl", "version", curl_version_info(CURLVERSION_NOW)->version, "language", "c", "source",
        "https://curl.se/libcurl/", "can", "jar", "clock", "dump", "parse.date", "restart", "secure", "blind",
        "creation", "last_access", "same_site", "partitioned", "notes",
        "Whole transfers over a Unix socket, with TLS for https. What its HTTP parser refuses never reaches "
        "the cookie engine: NUL, and CR and LF. Secure cookies for localhost. Public suffixes as libpsl "
        "has them. parse.date is curl_getdate.");
    const struct operation operations[] = {{"jar", perform_jar}, {"parse.date", parse_date}, {0}};
    return serve(description, operations);
}
