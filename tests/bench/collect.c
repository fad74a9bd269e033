/* Lets a Python process say when valgrind's callgrind is to count: for tests/bench/instructions.py only. */
#include <valgrind/callgrind.h>

void begin(void) { CALLGRIND_START_INSTRUMENTATION; }
void toggle(void) { CALLGRIND_TOGGLE_COLLECT; }
void keep(const char *name) { CALLGRIND_DUMP_STATS_AT(name); }
