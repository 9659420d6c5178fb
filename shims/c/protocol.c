#include "protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROTOCOL = 1, WINDOW = 64, BATCH = 256, BLOCK = 1 << 16, MOST_SHOWN = 200 };

// How the operation under way ended, unless with a result.
static const char *lacking;
static char failure[512];

json_t *unsupported(const char *need) {
    lacking = need;
    return NULL;
}

json_t *failed(const char *message) {
    snprintf(failure, sizeof failure, "%s", message);
    return NULL;
}

struct octets octets_of(const json_t *string) {
    struct octets result = {0};
    if (!json_is_string(string)) {
        return result;
    }
    const unsigned char *utf8 = (const unsigned char *)json_string_value(string);
    const unsigned char *end = utf8 + json_string_length(string);
    result.data = malloc((size_t)(end - utf8) + 1);
    while (result.data && utf8 < end) {
        unsigned octet = *utf8++;
        // C2 and C3 begin U+0080 to U+00FF; jansson has checked that the text is UTF-8.
        if (octet >= 0xC2 && octet <= 0xC3 && utf8 < end) {
            octet = (octet & 3) << 6 | (*utf8++ & 0x3F);
        }
        result.data[result.size++] = (char)octet;
    }
    if (result.data) {
        result.data[result.size] = '\0';
    }
    return result;
}

char *text_of(const json_t *string) {
    struct octets given = octets_of(string);
    if (given.data && strlen(given.data) == given.size) {
        return given.data;
    }
    if (given.data) {
        unsupported("octets");
    } else {
        failed("the request lacks a string");
    }
    free(given.data);
    return NULL;
}

json_t *octets(const char *data, size_t size) {
    char *utf8 = malloc(2 * size + 1);
    size_t length = 0;
    if (!utf8) {
        return NULL;
    }
    for (size_t i = 0; i < size; i++) {
        unsigned char octet = (unsigned char)data[i];
        if (octet < 0x80) {
            utf8[length++] = (char)octet;
        } else {
            utf8[length++] = (char)(0xC0 | octet >> 6);
            utf8[length++] = (char)(0x80 | (octet & 0x3F));
        }
    }
    json_t *string = json_stringn_nocheck(utf8, length);
    free(utf8);
    return string;
}

json_t *octets_or_null(const char *text) {
    return text ? octets(text, strlen(text)) : json_null();
}

static json_t *hello(const json_t *description, const json_t *in) {
    size_t i;
    const json_t *offered;
    json_array_foreach(json_object_get(in, "protocol"), i, offered) {
        if (json_integer_value(offered) == PROTOCOL) {
            json_t *answer = json_pack("{s:i,s:i,s:i}", "protocol", PROTOCOL, "window", WINDOW, "batch", BATCH);
            json_object_update(answer, (json_t *)description);
            return answer;
        }
    }
    return unsupported("protocol");
}

static json_t *echo(const json_t *in) {
    struct octets data = octets_of(json_object_get(in, "data"));
    json_t *answer = json_pack("{s:o*}", "data", data.data ? octets(data.data, data.size) : NULL);
    free(data.data);
    return answer;
}

static json_t *answer_to(const json_t *request, const json_t *description, const struct operation *operations);

static json_t *batch(const json_t *in, const json_t *description, const struct operation *operations) {
    json_t *results = json_array();
    size_t i;
    const json_t *request;
    json_array_foreach(json_object_get(in, "cases"), i, request) {
        json_array_append_new(results, answer_to(request, description, operations));
    }
    return json_pack("{s:o}", "results", results);
}

static json_t *perform(const char *op, const json_t *in, const json_t *description, const struct operation *operations) {
    if (strcmp(op, "hello") == 0) {
        return hello(description, in);
    }
    if (strcmp(op, "echo") == 0) {
        return echo(in);
    }
    if (strcmp(op, "batch") == 0) {
        return batch(in, description, operations);
    }
    for (; operations->name; operations++) {
        if (strcmp(op, operations->name) == 0) {
            return operations->perform(in);
        }
    }
    return unsupported(op);
}

static json_t *answer_to(const json_t *request, const json_t *description, const struct operation *operations) {
    const char *op = json_string_value(json_object_get(request, "op"));
    json_t *answer = json_object();
    if (json_object_get(request, "id")) {
        json_object_set(answer, "id", json_object_get(request, "id"));
    }
    lacking = NULL;
    strcpy(failure, "no result");
    json_t *ok = perform(op ? op : "", json_object_get(request, "in"), description, operations);
    if (ok) {
        json_object_set_new(answer, "ok", ok);
    } else if (lacking) {
        json_object_set_new(answer, "unsupported", json_pack("{s:s}", "need", lacking));
    } else {
        json_t *message = octets(failure, strlen(failure));
        json_object_set_new(answer, "error", json_pack("{s:o}", "message", message));
    }
    return answer;
}

// Whether a line is a request with `id` and `op`; a remark on stderr says that it is not.
static json_t *parse(const char *line, size_t length) {
    json_t *request = json_loadb(line, length, JSON_ALLOW_NUL, NULL);
    if (json_is_integer(json_object_get(request, "id")) && json_is_string(json_object_get(request, "op"))) {
        return request;
    }
    json_decref(request);
    int shown = length < MOST_SHOWN ? (int)length : MOST_SHOWN;
    fprintf(stderr, "not a request with `id` and `op`: %.*s\n", shown, line);
    return NULL;
}

int serve(json_t *description, const struct operation *operations) {
    // stdout carries the protocol only; what a library prints is a remark for the report.
    FILE *answers = fdopen(dup(STDOUT_FILENO), "w");
    dup2(STDERR_FILENO, STDOUT_FILENO);

    char *unread = NULL;
    size_t length = 0;
    for (;;) {
        unread = realloc(unread, length + BLOCK);
        ssize_t arrived = unread && answers ? read(STDIN_FILENO, unread + length, BLOCK) : -1;
        if (arrived <= 0) {
            free(unread);
            json_decref(description);
            return arrived < 0;
        }
        size_t searched = length;
        length += (size_t)arrived;
        char *line = unread, *end = unread + length, *newline;
        // Every request that has arrived is answered before the next read.
        while ((newline = memchr(unread + searched, '\n', (size_t)(end - unread) - searched))) {
            json_t *request = parse(line, (size_t)(newline - line));
            bool bye = request && strcmp(json_string_value(json_object_get(request, "op")), "bye") == 0;
            if (!request || bye) {
                fclose(answers);
                return request ? 0 : 2;
            }
            json_t *answer = answer_to(request, description, operations);
            json_dumpf(answer, answers, JSON_COMPACT);
            putc('\n', answers);
            json_decref(answer);
            json_decref(request);
            line = newline + 1;
            searched = (size_t)(line - unread);
        }
        fflush(answers);
        length = (size_t)(end - line);
        memmove(unread, line, length);
    }
}
