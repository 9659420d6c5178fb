// The wall clock of this process: functions of these names in the program stand in front of those of
// the C library, for the libraries under test too, as libfaketime's do.

#ifndef CLOCK_H
#define CLOCK_H

// Sets the wall clock, in Unix seconds; from then on it stands still.
void clock_set(long long now);

long long clock_now(void);

#endif
