#include "jar.h"

#include <string.h>

#include "../clock/clock.h"

// Performs one step; what it observes goes to `obs`.
static bool perform(const struct jar *jar, void *store, const json_t *step, json_t *obs) {
    const char *what = json_string_value(json_object_get(step, "do"));
    const char *at = json_string_value(json_object_get(step, "at"));
    if (!what) {
        failed("a step without `do`");
        return false;
    }
    if (strcmp(what, "receive") == 0) {
        return jar->receive(store, step);
    }
    if (strcmp(what, "advance") == 0) {
        clock_set(clock_now() + json_integer_value(json_object_get(step, "secs")));
        return true;
    }
    if (strcmp(what, "restart") == 0) {
        return jar->restart(store);
    }
    json_t *observed = NULL;
    if (strcmp(what, "send") == 0) {
        observed = jar->send(store, step);
    } else if (strcmp(what, "dump") == 0) {
        observed = jar->dump(store);
    } else {
        unsupported(strncmp(what, "script", 6) == 0 ? "script" : "configure");
    }
    return observed && at && json_object_set_new(obs, at, observed) == 0;
}

json_t *jar_perform(const struct jar *jar, const json_t *program) {
    clock_set(json_integer_value(json_object_get(program, "now")));
    void *store = jar->make(program);
    if (!store) {
        return NULL;
    }
    json_t *obs = json_object();
    bool goes_on = true;
    size_t i;
    const json_t *step;
    json_array_foreach(json_object_get(program, "steps"), i, step) {
        goes_on = perform(jar, store, step, obs);
        if (!goes_on) {
            break;
        }
    }
    jar->discard(store);
    if (!goes_on) {
        json_decref(obs);
        return NULL;
    }
    return json_pack("{s:o}", "obs", obs);
}
