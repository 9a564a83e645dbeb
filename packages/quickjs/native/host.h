/* What the files of the host share. */
#ifndef NOVA_HOST_H
#define NOVA_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "quickjs.h"

#define MAIN_MODULE "main.js"
#define SYSTEM_CALLS_MODULE "native:os"

/* A module as bytecode; the table is generated when a program is built, and ends with a null name. */
struct embedded_module {
    const char *name;
    const uint8_t *bytes;
    size_t size;
};

extern const struct embedded_module embedded_modules[];

JSModuleDef *create_system_calls_module(JSContext *context);

/* Calls what `setTurn` was given; false when it was given nothing. */
JSValue call_turn(JSContext *context);

void keep_arguments(int count, char **arguments);

/* What `setExitStatus` was given. */
int exit_status(void);

#endif
