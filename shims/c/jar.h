// The operation `jar`: a program for a cookie store that is made for it and discarded after it.

#ifndef JAR_H
#define JAR_H

#include "protocol.h"

// What a shim tells of its store. A function that fails has called `unsupported` or `failed`.
struct jar {
    // A fresh, empty store for a program; NULL if it fails.
    void *(*make)(const json_t *program);
    bool (*receive)(void *store, const json_t *step);
    // What is observed; NULL if it fails.
    json_t *(*send)(void *store, const json_t *step);
    json_t *(*dump)(void *store);
    // The end of the session.
    bool (*restart)(void *store);
    void (*discard)(void *store);
};

// Performs the program and returns the `ok` member of the answer.
json_t *jar_perform(const struct jar *jar, const json_t *program);

#endif
