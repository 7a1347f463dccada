/**
 * @file
 * A database's client library, loaded when a site's settings name such a database: one that keeps
 * its rows in SQLite needs neither PostgreSQL's library nor MariaDB's on the machine, nor their
 * Kerberos, LDAP and TLS in its memory. (decision 0034)
 *
 * A static executable links the libraries instead: src/single/link.
 */
#pragma once
#include <stddef.h>

typedef void nu__library_function(void);

typedef struct nu__library_entry {
    const char *name;
    nu__library_function **function; /* where its address goes */
} nu__library_entry;

typedef struct nu__library {
    const char *database, *package; /* "PostgreSQL", "libpq5": for the message */
    const char *file, *place;       /* by its name, else where it lay when Nuages was built */
    const nu__library_entry *entries;
    size_t n;
} nu__library;

/* Load the library and find all of its functions; again: nothing. It stays for the process's life.
   Raises ImproperlyConfigured where it is absent or lacks a function. */
void nu__library_load(const nu__library *library);
