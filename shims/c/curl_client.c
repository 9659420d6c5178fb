// libcurl: one easy handle with its cookie engine, on the network.

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol.h"

static CURL *easy;
static char *proxy, *authorities;

static size_t ignore_body(char *data, size_t size, size_t count, void *unused) {
    (void)data, (void)unused;
    return size * count;
}

// A new handle. Its store has what is in the file; an empty name switches the engine on, and nothing
// is read.
static void begin(const char *file) {
    curl_easy_cleanup(easy);
    easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, file);
    curl_easy_setopt(easy, CURLOPT_PROXY, proxy);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_CAINFO, authorities);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
}

static json_t *start(const json_t *in) {
    free(proxy);
    free(authorities);
    proxy = text_of(json_object_get(in, "proxy"));
    authorities = text_of(json_object_get(in, "ca"));
    if (!proxy || !authorities) {
        return NULL;
    }
    begin("");
    return json_object();
}

static json_t *clear(const json_t *in) {
    (void)in;
    begin("");
    return json_object();
}

static json_t *save(const json_t *in) {
    char *file = text_of(json_object_get(in, "file"));
    if (!file) {
        return NULL;
    }
    curl_easy_setopt(easy, CURLOPT_COOKIEJAR, file);
    curl_easy_setopt(easy, CURLOPT_COOKIELIST, "FLUSH");
    // Otherwise it would be written again at the end of the handle.
    curl_easy_setopt(easy, CURLOPT_COOKIEJAR, NULL);
    free(file);
    return json_object();
}

static json_t *load(const json_t *in) {
    char *file = text_of(json_object_get(in, "file"));
    if (!file) {
        return NULL;
    }
    begin(file);
    free(file);
    return json_object();
}

// The fields of the caller, as libcurl takes them.
static struct curl_slist *fields_of(const json_t *headers) {
    struct curl_slist *fields = NULL;
    size_t i;
    const json_t *field;
    json_array_foreach(headers, i, field) {
        char *name = text_of(json_array_get(field, 0));
        char *value = text_of(json_array_get(field, 1));
        size_t size = (name ? strlen(name) : 0) + (value ? strlen(value) : 0) + 3;
        char *line = malloc(size);
        if (name && value && line) {
            snprintf(line, size, "%s: %s", name, value);
            fields = curl_slist_append(fields, line);
        }
        free(line);
        free(value);
        free(name);
    }
    return fields;
}

// The cookies of the caller in one string, as libcurl takes them; NULL where there are none.
static char *cookies_of(const json_t *cookies) {
    char *line = NULL;
    size_t i, size = 0;
    const json_t *cookie;
    json_array_foreach(cookies, i, cookie) {
        char *name = text_of(json_array_get(cookie, 0));
        char *value = text_of(json_array_get(cookie, 1));
        if (name && value) {
            size_t more = strlen(name) + strlen(value) + sizeof "; =";
            line = realloc(line, size + more);
            size += (size_t)snprintf(line + size, more, "%s%s=%s", size ? "; " : "", name, value);
        }
        free(value);
        free(name);
    }
    return line;
}

static json_t *navigate(const json_t *in) {
    char *uri = text_of(json_object_get(in, "uri"));
    char *method = text_of(json_object_get(in, "method"));
    if (!uri || !method) {
        free(method);
        free(uri);
        return NULL;
    }
    long follow = (long)json_integer_value(json_object_get(in, "follow"));
    struct curl_slist *fields = fields_of(json_object_get(in, "headers"));
    curl_easy_setopt(easy, CURLOPT_URL, uri);
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy, CURLOPT_NOBODY, strcmp(method, "HEAD") == 0 ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST,
                     strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ? NULL : method);
    char *cookies = cookies_of(json_object_get(in, "cookies"));
    curl_easy_setopt(easy, CURLOPT_COOKIE, cookies);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, follow > 0 ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, follow);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(easy, CURLOPT_COOKIE, NULL);
    curl_slist_free_all(fields);
    free(cookies);
    free(method);
    free(uri);
    switch (code) {
    case CURLE_OK:
        return json_object();
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
        return failed(curl_easy_strerror(code));
    default:
        return json_pack("{s:s}", "refused", curl_easy_strerror(code));
    }
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_ALL);
    const curl_version_info_data *about = curl_version_info(CURLVERSION_NOW);
    json_t *description = json_pack(
        "{s:s,s:{s:s,s:s,s:s,s:s},s:[s,s,s,s,s],s:s}", "shim", "c-curl-client/1", "impl", "name", "libcurl", "version",
        about->version, "language", "c", "source", "https://curl.se/libcurl/", "can",
        "navigate", "agent.clear", "agent.save", "agent.load", "caller-cookies", "notes",
        "One easy handle. Secure cookies for localhost. Public suffixes as libpsl has them.");
    if (about->features & CURL_VERSION_PSL) {
        json_array_append_new(json_object_get(description, "can"), json_string("public-suffix"));
    }
    const struct operation operations[] = {
        {"agent.start", start}, {"agent.clear", clear},   {"agent.save", save},
        {"agent.load", load},   {"navigate", navigate}, {0}};
    return serve(description, operations);
}
