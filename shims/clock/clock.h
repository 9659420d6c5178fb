// The wall clock of this process. Where this file is linked in or preloaded, its functions stand in front
// of those of the C library, for the libraries under test too, as libfaketime's do.

#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

// Sets the wall clock, in Unix seconds; from then on it stands still.
void clock_set(int64_t now);

int64_t clock_now(void);

#endif
