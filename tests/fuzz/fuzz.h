#pragma once

#include <stddef.h>
#include <stdint.h>

/* What each target defines: feeds @data to the code under test; returns 0. Anything is allowed but a crash, a
 * leak, an endless loop. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
