/**
 * @file
 * The functions of libpq that the backend calls, and where they are.
 *
 * The names of the library mean its functions at these addresses once client.h is included.
 */
#pragma once
#include "db/backends/library.h"
#include <libpq-fe.h>

#define NU__PG_FUNCTIONS(F)                                                                        \
    F(PQcancel)                                                                                    \
    F(PQconndefaults)                                                                              \
    F(PQconnectPoll)                                                                               \
    F(PQconnectStartParams)                                                                        \
    F(PQconninfoFree)                                                                              \
    F(PQerrorMessage)                                                                              \
    F(PQfinish)                                                                                    \
    F(PQfreeCancel)                                                                                \
    F(PQgetCancel)                                                                                 \
    F(PQparameterStatus)                                                                           \
    F(PQserverVersion)                                                                             \
    F(PQsocket)                                                                                    \
    F(PQsslStruct)                                                                                 \
    F(PQstatus)

typedef struct nu__pg_library {
#define NU__ADDRESS(name) __typeof__(name) *name;
    NU__PG_FUNCTIONS(NU__ADDRESS)
#undef NU__ADDRESS
} nu__pg_library;

extern nu__pg_library nu__pg_client;
/* Of a static executable, which has the library in it: src/single/link. */
extern const nu__pg_library nu__pg_linked __attribute__((weak));

/* Raises ImproperlyConfigured. */
void nu__pg_load(void);
