#define _GNU_SOURCE
#include "clock.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile time_t wall;

void clock_set(long long now) {
    wall = (time_t)now;
}

long long clock_now(void) {
    return wall;
}

time_t time(time_t *result) {
    if (result) {
        *result = wall;
    }
    return wall;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone) {
    (void)zone;
    result->tv_sec = wall;
    result->tv_usec = 0;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *result) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) {
        return (int)syscall(SYS_clock_gettime, clock, result);
    }
    result->tv_sec = wall;
    result->tv_nsec = 0;
    return 0;
}
