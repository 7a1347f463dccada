/**
 * @file
 * A script of SQL as single statements.
 */
#pragma once
#include "db/backends/base.h"

/* The next statement of *script, which is advanced past its ";". Texts, quoted names, dollar
   quotes, comments and the body of a trigger may contain ";". Empty statements, and comments alone,
   are skipped. The backend says how its texts are read: '\'' and comments after "#" on MySQL; E'\''
   is read everywhere. false: no more. */
bool nu__next_statement(const nu__backend *backend, nu_str *script, nu_str *statement);
