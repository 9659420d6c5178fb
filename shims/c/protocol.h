// The shim protocol on stdin and stdout: one JSON object per line.
//
// A shim calls `serve` with its description and its operations. An operation takes the `in` member
// of a request and returns the `ok` member of the answer, as a new reference. For what the library
// lacks it returns `unsupported(need)`; where the library fails, `failed(message)`.

#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct operation {
    const char *name;
    json_t *(*perform)(const json_t *in);
};

// Answers requests until stdin ends or `bye` arrives; the result is the exit status. Takes over the
// reference to the description. The operations end with one that has no name.
int serve(json_t *description, const struct operation *operations);

// Records how the operation ended, and returns NULL for it to return.
json_t *unsupported(const char *need);
json_t *failed(const char *message);

// A string of octets; `data` ends with a NUL that `size` does not count.
struct octets {
    char *data;
    size_t size;
};

// The octets of a JSON string, to be freed; NULL data for anything else.
struct octets octets_of(const json_t *string);

// The same for a C string of the library: NULL, with `unsupported` recorded, where a NUL would end it
// early or where there is no string.
char *text_of(const json_t *string);

// A JSON string with one code point for each octet.
json_t *octets(const char *data, size_t size);

// The JSON string for a C string, null for NULL.
json_t *octets_or_null(const char *text);

#endif
