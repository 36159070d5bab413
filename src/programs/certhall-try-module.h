#pragma once

/* Tells by @tell each library that the one at @path needs and that cannot be loaded. */
void try_libraries (const char *path, void (*tell) (const char *name));
