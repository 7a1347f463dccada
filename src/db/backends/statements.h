/**
 * @file
 * A script of SQL as single statements.
 */
#pragma once
#include <nuages/strings.h>

/* The next statement of *script, which is advanced past its ";". Texts, quoted names, dollar
   quotes, comments and the body of a trigger may contain ";". Empty statements, and comments alone,
   are skipped. false: no more. */
bool nu__next_statement(nu_str *script, nu_str *statement);
