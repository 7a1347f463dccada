/**
 * @file
 * Redirects. Counterpart: HttpResponseRedirect of django.http.
 */
#pragma once
#include <nuages/http.h>

/* To a path or an address of http, https or ftp; the text is encoded as an address. Raises
   DisallowedRedirect for another scheme, ValueError for what is no address. */
nu_response *nu__response_redirect(int status, nu_str to);
