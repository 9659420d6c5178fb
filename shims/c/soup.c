// libsoup: the cookies and the cookie jar of GNOME, and of WebKitGTK on top of it.

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>

#include "../clock/clock.h"
#include "jar.h"

static const char *const SAME_SITE[] = {"None", "Lax", "Strict"};

static json_t *unix_or_null(GDateTime *date) {
    return date ? json_integer(g_date_time_to_unix(date)) : json_null();
}

// A domain that is not host-only begins with a dot.
static json_t *without_dot(const char *domain) {
    return octets_or_null(domain && *domain == '.' ? domain + 1 : domain);
}

// What an attribute and the store have in common.
static json_t *fields_of(SoupCookie *cookie) {
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:b,s:b,s:s}", "name", octets_or_null(soup_cookie_get_name(cookie)),
                     "value", octets_or_null(soup_cookie_get_value(cookie)), "domain",
                     without_dot(soup_cookie_get_domain(cookie)), "path",
                     octets_or_null(soup_cookie_get_path(cookie)), "expires",
                     unix_or_null(soup_cookie_get_expires(cookie)), "secure", soup_cookie_get_secure(cookie),
                     "http_only", soup_cookie_get_http_only(cookie), "same_site",
                     SAME_SITE[soup_cookie_get_same_site_policy(cookie)]);
}

static json_t *parse_set_cookie(const json_t *in) {
    char *line = text_of(json_object_get(in, "set_cookie"));
    if (!line) {
        return NULL;
    }
    clock_set(json_integer_value(json_object_get(in, "now")));
    const char *uri = json_string_value(json_object_get(in, "uri"));
    GUri *origin = uri ? g_uri_parse(uri, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
    SoupCookie *cookie = soup_cookie_parse(line, origin);
    g_clear_pointer(&origin, g_uri_unref);
    free(line);
    json_t *parsed = json_pack("{s:o}", "cookie", cookie ? fields_of(cookie) : json_null());
    g_clear_pointer(&cookie, soup_cookie_free);
    return parsed;
}

static json_t *parse_cookie(const json_t *in) {
    SoupMessage *message = soup_message_new("GET", "http://site.example/");
    json_t *pairs = json_array();
    size_t i;
    const json_t *line;
    json_array_foreach(json_object_get(in, "cookie"), i, line) {
        char *text = text_of(line);
        if (!text || strpbrk(text, "\r\n")) {
            unsupported("octets");
            g_clear_pointer(&pairs, json_decref);
        } else {
            soup_message_headers_append(soup_message_get_request_headers(message), "Cookie", text);
        }
        free(text);
    }
    GSList *cookies = pairs ? soup_cookies_from_request(message) : NULL;
    for (GSList *cookie = cookies; cookie; cookie = cookie->next) {
        json_t *name = octets_or_null(soup_cookie_get_name(cookie->data));
        json_array_append_new(pairs, json_pack("[o,o]", name, octets_or_null(soup_cookie_get_value(cookie->data))));
    }
    soup_cookies_free(cookies);
    g_object_unref(message);
    return pairs ? json_pack("{s:o}", "pairs", pairs) : NULL;
}

// Sets an attribute that is text; false where the text cannot be given.
static bool set_text(SoupCookie *cookie, void (*set)(SoupCookie *, const char *), const json_t *asked) {
    if (!asked || json_is_null(asked)) {
        return true;
    }
    char *text = text_of(asked);
    if (text) {
        set(cookie, text);
    }
    free(text);
    return text != NULL;
}

static bool set_same_site(SoupCookie *cookie, const json_t *asked) {
    if (!asked || json_is_null(asked)) {
        return true;
    }
    for (int policy = 0; policy < (int)G_N_ELEMENTS(SAME_SITE); policy++) {
        if (g_strcmp0(json_string_value(asked), SAME_SITE[policy]) == 0) {
            soup_cookie_set_same_site_policy(cookie, policy);
            return true;
        }
    }
    return unsupported("same_site");
}

static bool set_expires(SoupCookie *cookie, const json_t *asked) {
    if (!json_is_integer(asked)) {
        return true;
    }
    GDateTime *date = g_date_time_new_from_unix_utc(json_integer_value(asked));
    if (!date) {
        return unsupported("expires");
    }
    soup_cookie_set_expires(cookie, date);
    g_date_time_unref(date);
    return true;
}

static bool set_all(SoupCookie *cookie, const json_t *in) {
    soup_cookie_set_secure(cookie, json_is_true(json_object_get(in, "secure")));
    soup_cookie_set_http_only(cookie, json_is_true(json_object_get(in, "http_only")));
    return set_text(cookie, soup_cookie_set_name, json_object_get(in, "name")) &&
           set_text(cookie, soup_cookie_set_value, json_object_get(in, "value")) &&
           set_text(cookie, soup_cookie_set_domain, json_object_get(in, "domain")) &&
           set_text(cookie, soup_cookie_set_path, json_object_get(in, "path")) &&
           set_expires(cookie, json_object_get(in, "expires")) &&
           set_same_site(cookie, json_object_get(in, "same_site"));
}

static json_t *format_set_cookie(const json_t *in) {
    if (json_is_integer(json_object_get(in, "max_age"))) {
        return unsupported("max_age");
    }
    if (json_is_true(json_object_get(in, "partitioned"))) {
        return unsupported("partitioned");
    }
    SoupCookie *cookie = soup_cookie_new("", "", NULL, NULL, -1);
    char *header = set_all(cookie, in) ? soup_cookie_to_set_cookie_header(cookie) : NULL;
    json_t *written = header ? json_pack("{s:o}", "set_cookie", octets_or_null(header)) : NULL;
    g_free(header);
    soup_cookie_free(cookie);
    return written;
}

static json_t *parse_date(const json_t *in) {
    char *text = text_of(json_object_get(in, "date"));
    if (!text) {
        return NULL;
    }
    GDateTime *date = soup_date_time_new_from_http_string(text);
    free(text);
    json_t *parsed = json_pack("{s:o}", "unix", unix_or_null(date));
    g_clear_pointer(&date, g_date_time_unref);
    return parsed;
}

struct store {
    SoupCookieJar *jar;
    // The file of the jar, where the program has a restart.
    char *file;
};

static void *make(const json_t *program) {
    struct store *store = calloc(1, sizeof *store);
    size_t i;
    const json_t *step;
    json_array_foreach(json_object_get(program, "steps"), i, step) {
        const char *what = json_string_value(json_object_get(step, "do"));
        if (!store->file && g_strcmp0(what, "restart") == 0) {
            int file = g_file_open_tmp("cookiespec-soup-XXXXXX", &store->file, NULL);
            if (file < 0) {
                free(store);
                return failed("no temporary file");
            }
            g_close(file, NULL);
        }
    }
    store->jar = store->file ? soup_cookie_jar_text_new(store->file, FALSE) : soup_cookie_jar_new();
    return store;
}

static void discard(void *argument) {
    struct store *store = argument;
    g_object_unref(store->jar);
    if (store->file) {
        g_unlink(store->file);
    }
    g_free(store->file);
    free(store);
}

// The URI of a step, and its context as libsoup has it.
struct request {
    GUri *uri;
    // Of the document that the request is made for: the same URI, or one of another site.
    GUri *first_party;
    gboolean is_safe;
    gboolean is_navigation;
};

static bool read_request(struct request *request, const json_t *step) {
    const json_t *context = json_object_get(step, "context");
    const char *method = json_string_value(json_object_get(context, "method"));
    if (g_strcmp0(json_string_value(json_object_get(context, "api")), "script") == 0) {
        return unsupported("script");
    }
    char *uri = text_of(json_object_get(step, "uri"));
    if (!uri) {
        return false;
    }
    request->uri = g_uri_parse(uri, SOUP_HTTP_URI_FLAGS, NULL);
    free(uri);
    if (!request->uri) {
        return unsupported("uri");
    }
    bool is_cross_site = json_is_false(json_object_get(context, "same_site"));
    request->first_party = is_cross_site ? g_uri_parse("https://another-site.test/", SOUP_HTTP_URI_FLAGS, NULL)
                                         : g_uri_ref(request->uri);
    request->is_navigation = !json_is_false(json_object_get(context, "top_level"));
    const char *const safe[] = {"GET", "HEAD", "OPTIONS", "TRACE", NULL};
    request->is_safe = !method || g_strv_contains(safe, method);
    return true;
}

static void forget_request(struct request *request) {
    g_clear_pointer(&request->uri, g_uri_unref);
    g_clear_pointer(&request->first_party, g_uri_unref);
}

static bool receive(void *argument, const json_t *step) {
    struct store *store = argument;
    struct request request = {0};
    bool goes_on = read_request(&request, step);
    size_t i;
    const json_t *line;
    json_array_foreach(json_object_get(step, "set_cookie"), i, line) {
        char *text = goes_on ? text_of(line) : NULL;
        goes_on = text != NULL;
        if (text) {
            soup_cookie_jar_set_cookie_with_first_party(store->jar, request.uri, request.first_party, text);
        }
        free(text);
    }
    forget_request(&request);
    return goes_on;
}

static json_t *send_request(void *argument, const json_t *step) {
    struct store *store = argument;
    struct request request = {0};
    json_t *sent = NULL;
    if (read_request(&request, step)) {
        GSList *cookies = soup_cookie_jar_get_cookie_list_with_same_site_info(
            store->jar, request.uri, request.first_party, request.first_party, TRUE, request.is_safe,
            request.is_navigation);
        char *header = cookies ? soup_cookies_to_cookie_header(cookies) : NULL;
        sent = json_pack("{s:o}", "header", octets_or_null(header));
        g_free(header);
        soup_cookies_free(cookies);
    }
    forget_request(&request);
    return sent;
}

static bool restart(void *argument) {
    struct store *store = argument;
    g_object_unref(store->jar);
    store->jar = soup_cookie_jar_text_new(store->file, FALSE);
    return true;
}

static json_t *dump(void *argument) {
    struct store *store = argument;
    json_t *stored = json_array();
    GSList *cookies = soup_cookie_jar_all_cookies(store->jar);
    for (GSList *cookie = cookies; cookie; cookie = cookie->next) {
        const char *domain = soup_cookie_get_domain(cookie->data);
        json_t *fields = fields_of(cookie->data);
        json_object_set_new(fields, "host_only", json_boolean(domain && *domain != '.'));
        json_array_append_new(stored, fields);
    }
    soup_cookies_free(cookies);
    return json_pack("{s:o}", "cookies", stored);
}

static const struct jar JAR = {make, receive, send_request, dump, restart, discard};

static json_t *perform_jar(const json_t *in) {
    return jar_perform(&JAR, in);
}

int main(void) {
    char version[32];
    g_snprintf(version, sizeof version, "%u.%u.%u", soup_get_major_version(), soup_get_minor_version(),
               soup_get_micro_version());
    json_t *description = json_pack(
        "{s:s,s:{s:s,s:s,s:s,s:s},s:[s,s,s,s,s,s,s,s,s,s],s:[s,s,s,s,s,s],s:s}", "shim", "c-soup/1", "impl",
        "name", "libsoup", "version", version, "language", "c", "source", "https://libsoup.gnome.org/", "can",
        "clock", "dump", "format.set-cookie", "jar", "parse.cookie", "parse.date", "parse.set-cookie", "restart",
        "same-site", "secure", "blind", "creation", "duplicates", "last_access", "max_age", "order", "partitioned",
        "notes",
        "SoupCookieJar, or SoupCookieJarText where a session ends. All of its strings end at a NUL, so a NUL "
        "cannot be given to it. Max-Age becomes a time of expiry as it is read or set. A cookie without "
        "SameSite cannot be told from one with the policy that libsoup gives it. Public suffixes as libpsl has them.");
    const struct operation operations[] = {
        {"format.set-cookie", format_set_cookie},
        {"jar", perform_jar},
        {"parse.cookie", parse_cookie},
        {"parse.date", parse_date},
        {"parse.set-cookie", parse_set_cookie},
        {0},
    };
    return serve(description, operations);
}
