/**
 * @file
 * The bodies and query strings of the test client's requests.
 */
#pragma once
#include "core/buf.h"
#include "http/client_request.h"
#include "test/run.h"

/* Body and Content-Type as `send` has them: JSON, bytes, or data and files. Raises TypeError for
   what JSON can't hold. */
void nu__client_set_body(nu__client_options *options, const nu_client_send *send);
/* "a=1&b=2", percent-encoded; a list gives its name for each item. */
void nu__client_add_pairs(nu__buf *out, const nu_var *data);
