#define _GNU_SOURCE
#include "clock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct wall {
    // 0 for as long as the clock is the real one.
    int64_t is_set;
    // In Unix seconds.
    int64_t now;
};

static struct wall own;
static volatile struct wall *wall = &own;

// Where a file is named, the clock is what it holds: two integers of 64 bits, for programs that cannot
// call a function of this file.
__attribute__((constructor)) static void open_file(void) {
    const char *name = getenv("COOKIESPEC_CLOCK");
    int file = name ? open(name, O_RDWR) : -1;
    if (file < 0) {
        return;
    }
    void *shared = mmap(NULL, sizeof *wall, PROT_READ, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) {
        wall = shared;
    }
    close(file);
}

void clock_set(int64_t now) {
    own = (struct wall){1, now};
}

int64_t clock_now(void) {
    return wall->now;
}

int clock_gettime(clockid_t clock, struct timespec *result) {
    if (!wall->is_set || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) {
        return (int)syscall(SYS_clock_gettime, clock, result);
    }
    *result = (struct timespec){wall->now, 0};
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) {
        *result = now.tv_sec;
    }
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *result = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}
