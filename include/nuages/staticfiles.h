/**
 * @file
 * Static and uploaded files as pages, as django.contrib.staticfiles.views and django.views.static.
 *
 * Under DEBUG the site serves its static files below STATIC_URL by itself. In production a web
 * server in front does, from the folder that collectstatic fills; or, for a site that stands alone,
 * patterns of its own:
 *
 *     re_path("^static/(?P<path>.*)$", nu_static_serve, .kwargs = { Kwarg("insecure", true) }),
 *     re_path("^media/(?P<path>.*)$",  nu_media_serve),
 */
#pragma once
#include <nuages/http.h>

/**
 * The static file that the capture `path` names: from STATICFILES_DIRS, the apps' static/ folders,
 * or those compiled into the executable. Answers ranges and If-Modified-Since.
 *
 * @raises  Http404, also where DEBUG is off and the pattern has no argument `insecure`;
 *          SuspiciousFileOperation for a path that leads out of the folders
 * Yields: while the file is opened.
 */
nu_view nu_static_serve;
/** The file `path` below the argument `document_root`, else below MEDIA_ROOT. */
nu_view nu_media_serve;
/** The address of a static file, as {% static %} gives it. */
nu_str nu_static_url(nu_str path);
