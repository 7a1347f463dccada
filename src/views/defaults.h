/**
 * @file
 * What the site answers to errors when it has no views of its own for them: the templates 404.html,
 * 403.html, 400.html and 500.html, and a bare page where there are none.
 * Django: django.views.defaults
 */
#pragma once
#include <nuages/urls.h>

nu_error_view nu__page_not_found;    /* context: request_path, exception */
nu_error_view nu__permission_denied; /* context: exception */
nu_error_view nu__bad_request;  /* of the error only whether the request was too large or slow */
nu_error_view nu__server_error; /* without request and context; never raises */
