/**
 * @file
 * Paths below a folder that a client may name. Counterpart: django.utils._os.safe_join().
 */
#pragma once
#include <nuages/errors.h>

/* posixpath.normpath() without leading slashes: "a//./b/../c" is "a/c"; ".." never leads up. */
nu_str nu__path_normalize(nu_str path);
/* `folder`/`path` as an absolute path without dots. Raises SuspiciousFileOperation when that is not
   below the folder, or holds NUL. */
nu_str nu__safe_join(nu_str folder, nu_str path);
