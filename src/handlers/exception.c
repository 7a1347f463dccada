#include "conf/settings.h"
#include "handlers/handler.h"
#include "urls/reverse.h"
#include "views/debug.h"
#include "views/defaults.h"

#include <nuages/logging.h>

/* ---- log ------------------------------------------------------------------------------------- */

static nu_str causes(const nu_error *error)
{
    nu_str text = S("");

    for (const nu_error *e = error; e; e = e->cause)
        text = nu_fmt("{}{}{}: {} ({}:{})", text, e == error ? "" : "; caused by ",
                      nu_error_class_name(e->klass), e->message, e->file, e->line);
    return text;
}

/* What the site has to mend is an error; what the visitor has, a warning, shown under DEBUG. */
static void log_line(const nu_response *response, nu_str line)
{
    if (response->status >= 500)
        nu_error_log("{}", line);
    else if (nu__settings.debug)
        nu_warning("{}", line);
    else
        nu_info("{}", line);
}

void nu__log_response(nu_request *req, nu_response *response, nu_str message)
{
    if (response->logged)
        return;
    response->logged = true;
    log_line(response, nu_fmt("{}: {}", message, req->path));
}

void nu__log_error_status(nu_request *req, nu_response *response)
{
    nu__log_response(req, response,
                     response->reason.ptr ? response->reason : nu__status_reason(response->status));
}

/* ---- answers --------------------------------------------------------------------------------- */

/* The site's own view for a status: handler404 and its kind; NULL without one. */
#define OWN_VIEW(handler) (nu__url_urlconf_find() ? nu__url_urlconf_find()->handler : NULL)

static nu_response *server_error(nu_request *req, const nu_error *error)
{
    nu_error_view *own = OWN_VIEW(handler500);
    nu_response *response = NULL;

    nu_signal_send_robust(.signal = NU_GOT_REQUEST_EXCEPTION, .req = req, .error = error);
    if (nu__settings.debug)
        response = nu__technical_500(req, error, 500);
    else if (!own || nu_catch(NU_EXCEPTION, response = own(req, error)) || !response)
        response = nu__server_error(req, error);
    response->logged = true;
    nu_error_log("Internal Server Error: {}: {}", req->path, causes(error));
    if (!nu__settings.debug)
        nu__error_mail(req, error);
    return response;
}

/* The site's or the default view for a status; an error of its own becomes the 500. */
static nu_response *error_view(nu_request *req, const nu_error *error, nu_error_view *own,
                               nu_error_view *fallback)
{
    nu_response *response = NULL;
    const nu_error *second = nu_catch(NU_EXCEPTION, response = (own ? own : fallback)(req, error));

    return second || !response ? server_error(req, second ? second : error) : response;
}

static nu_response *not_found(nu_request *req, const nu_error *error)
{
    if (nu__settings.debug)
        return nu__technical_404(req, error);
    return error_view(req, error, OWN_VIEW(handler404), nu__page_not_found);
}

static nu_response *forbidden(nu_request *req, const nu_error *error)
{
    nu_response *response = error_view(req, error, OWN_VIEW(handler403), nu__permission_denied);

    nu__log_response(req, response, S("Forbidden (Permission denied)"));
    return response;
}

static nu_response *bad_request_page(nu_request *req, const nu_error *error, int status)
{
    nu_response *response;

    if (nu__settings.debug)
        return nu__technical_500(req, error, status);
    response = error_view(req, error, OWN_VIEW(handler400), nu__bad_request);
    if (response->status == 400)
        response->status = status;
    return response;
}

static nu_response *unparsable(nu_request *req, const nu_error *error)
{
    nu_response *response = error_view(req, error, OWN_VIEW(handler400), nu__bad_request);

    nu__log_response(req, response, S("Bad request (Unable to parse request body)"));
    return response;
}

static nu_response *bad_request(nu_request *req, const nu_error *error)
{
    nu_response *response = bad_request_page(req, error, 400);

    nu__log_response(req, response, error->message);
    return response;
}

static nu_response *suspicious(nu_request *req, const nu_error *error)
{
    nu_response *response =
        bad_request_page(req, error, error->klass == NU_REQUEST_DATA_TOO_BIG ? 413 : 400);

    response->logged = true;
    nu_warning("{}: {}: {}", req->path, nu_error_class_name(error->klass), error->message);
    return response;
}

/* The connection closes behind it: the rest of the body is not awaited. */
static nu_response *unreadable(nu_request *req, const nu_error *error)
{
    nu_response *response =
        bad_request_page(req, error, error->klass == NU_REQUEST_TIMEOUT ? 408 : 400);

    nu__log_response(req, response, error->message);
    return response;
}

/* The first row whose class the error is of, or descends from. */
static const struct {
    nu_error_class klass;
    nu_response *(*answer)(nu_request *req, const nu_error *error);
} answers[] = {
    { NU_HTTP404, not_found },
    { NU_PERMISSION_DENIED, forbidden },
    { NU_MULTI_PART_PARSER_ERROR, unparsable },
    { NU_BAD_REQUEST, bad_request },
    { NU_SUSPICIOUS_OPERATION, suspicious },
    { NU_UNREADABLE_POST_ERROR, unreadable },
    { NU_EXCEPTION, server_error },
};

nu_response *nu__response_for_error(nu_request *req, const nu_error *error)
{
    size_t i = 0;

    while (!nu_error_is_a(error->klass, answers[i].klass))
        i++;
    return answers[i].answer(req, error);
}
