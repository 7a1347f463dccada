/**
 * @file
 * What DEBUG shows for errors: which patterns were tried, what was raised and by what it was
 * caused, the request, the settings. Secrets are masked. Browsers get HTML, other clients text.
 * Django: django.views.debug
 */
#pragma once
#include <nuages/http.h>

nu_response *nu__technical_404(nu_request *req, const nu_error *error);
nu_response *nu__technical_500(nu_request *req, const nu_error *error, int status);
/* The same as plain text, for mail to admins; of the request what is no secret. */
nu_str nu__error_report(nu_request *req, const nu_error *error);
