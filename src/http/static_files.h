/**
 * @file
 * Files as responses: from a folder, from the executable, whole or a range of them.
 * Counterpart: django.views.static.serve(), FileResponse.
 */
#pragma once
#include "http/message.h"

/* The file `path` below `folder`. Yields while it is opened. Raises Http404 when there is none or
   it is a folder, SuspiciousFileOperation (400) when the path leads out of the folder. */
nu_response *nu__static_serve(nu_request *req, nu_str path, const char *folder);
/* Bytes that outlive the request, as a file of that name. `modified`: seconds since 1970. */
nu_response *nu__static_bytes(nu_request *req, nu_str name, nu_bytes bytes, int64_t modified);
