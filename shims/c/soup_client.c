// libsoup: a session with its cookie jar, on the network.

#include <libsoup/soup.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "protocol.h"

static SoupSession *session;
static char *proxy, *authorities;

static json_t *clear(const json_t *in) {
    (void)in;
    soup_session_remove_feature_by_type(session, SOUP_TYPE_COOKIE_JAR);
    soup_session_add_feature_by_type(session, SOUP_TYPE_COOKIE_JAR);
    return json_object();
}

static json_t *start(const json_t *in) {
    free(proxy);
    free(authorities);
    proxy = text_of(json_object_get(in, "proxy"));
    authorities = text_of(json_object_get(in, "ca"));
    if (!proxy || !authorities) {
        return NULL;
    }
    GError *error = NULL;
    GTlsDatabase *database = g_tls_file_database_new(authorities, &error);
    if (!database) {
        json_t *none = failed(error->message);
        g_error_free(error);
        return none;
    }
    GProxyResolver *resolver = g_simple_proxy_resolver_new(proxy, NULL);
    g_clear_object(&session);
    session = soup_session_new_with_options("proxy-resolver", resolver, "tls-database", database, NULL);
    g_object_unref(resolver);
    g_object_unref(database);
    return clear(in);
}

// A jar that is kept in a file; NULL where the request names none.
static SoupCookieJar *jar_in_file(const json_t *in, bool is_read_only) {
    char *file = text_of(json_object_get(in, "file"));
    SoupCookieJar *jar = file ? soup_cookie_jar_text_new(file, is_read_only) : NULL;
    free(file);
    return jar;
}

static json_t *save(const json_t *in) {
    SoupCookieJar *saved = jar_in_file(in, false);
    if (!saved) {
        return NULL;
    }
    SoupSessionFeature *jar = soup_session_get_feature(session, SOUP_TYPE_COOKIE_JAR);
    GSList *cookies = soup_cookie_jar_all_cookies(SOUP_COOKIE_JAR(jar));
    for (GSList *next = cookies; next; next = next->next) {
        // It takes the cookie.
        soup_cookie_jar_add_cookie(saved, next->data);
    }
    g_slist_free(cookies);
    g_object_unref(saved);
    return json_object();
}

static json_t *load(const json_t *in) {
    SoupCookieJar *jar = jar_in_file(in, true);
    if (!jar) {
        return NULL;
    }
    soup_session_remove_feature_by_type(session, SOUP_TYPE_COOKIE_JAR);
    soup_session_add_feature(session, SOUP_SESSION_FEATURE(jar));
    g_object_unref(jar);
    return json_object();
}

static json_t *navigate(const json_t *in) {
    char *uri = text_of(json_object_get(in, "uri"));
    char *method = text_of(json_object_get(in, "method"));
    SoupMessage *message = uri && method ? soup_message_new(method, uri) : NULL;
    bool is_asked = uri && method;
    free(method);
    free(uri);
    if (!message) {
        return is_asked ? json_pack("{s:s}", "refused", "it takes this for no URI") : NULL;
    }
    SoupMessageHeaders *fields = soup_message_get_request_headers(message);
    size_t i;
    const json_t *field;
    json_array_foreach(json_object_get(in, "headers"), i, field) {
        char *name = text_of(json_array_get(field, 0));
        char *value = text_of(json_array_get(field, 1));
        if (name && value) {
            soup_message_headers_append(fields, name, value);
        }
        free(value);
        free(name);
    }
    if (json_integer_value(json_object_get(in, "follow")) == 0) {
        soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
    }
    GError *error = NULL;
    GBytes *body = soup_session_send_and_read(session, message, NULL, &error);
    json_t *done = body ? json_object() : json_pack("{s:s}", "refused", error->message);
    g_clear_error(&error);
    g_clear_pointer(&body, g_bytes_unref);
    g_object_unref(message);
    return done;
}

int main(void) {
    char version[32];
    snprintf(version, sizeof version, "%u.%u.%u", soup_get_major_version(), soup_get_minor_version(),
             soup_get_micro_version());
    json_t *description = json_pack(
        "{s:s,s:{s:s,s:s,s:s,s:s},s:[s,s,s,s,s],s:s}", "shim", "c-soup-client/1", "impl", "name", "libsoup", "version",
        version, "language", "c", "source", "https://libsoup.gnome.org/", "can", "navigate", "agent.clear", "agent.save", "agent.load", "public-suffix", "notes",
        "A SoupSession with a SoupCookieJar, which is saved as a SoupCookieJarText. Public suffixes as libpsl has them.");
    const struct operation operations[] = {
        {"agent.start", start}, {"agent.clear", clear},   {"agent.save", save},
        {"agent.load", load},   {"navigate", navigate}, {0}};
    return serve(description, operations);
}
