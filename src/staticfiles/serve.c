#include "conf/settings.h"
#include "http/message.h"
#include "http/static_files.h"
#include "staticfiles/staticfiles.h"

#include <nuages/urls.h>

static nu_str captured_path(nu_request *req)
{
    nu_value path = nu_path_value(req, "path");

    return path.kind == NU_KIND_STR ? path.s : S("");
}

nu_response *nu__static_respond(nu_request *req, nu_str path)
{
    nu__static_file file;

    if (!nu__static_find(path, &file)) {
        if (!path.len || nu_ends_with(path, S("/")))
            nu_raise(NU_HTTP404, "Directory indexes are not allowed here.");
        nu_raise(NU_HTTP404, "'{}' could not be found", path);
    }
    if (!file.embedded)
        return nu__static_serve(req, file.path, nu_copy(file.folder).ptr);
    return nu__static_bytes(req, file.path, (nu_bytes){ file.embedded->bytes, file.embedded->len },
                            nu__static_modified(&file));
}

nu_response *nu_static_serve(nu_request *req)
{
    nu_value insecure = nu_path_value(req, "insecure");

    if (!nu__settings.debug && !(insecure.kind == NU_KIND_BOOL && insecure.b))
        nu_raise(NU_HTTP404, "");
    return nu__static_respond(req, captured_path(req));
}

nu_response *nu_media_serve(nu_request *req)
{
    nu_value root = nu_path_value(req, "document_root");
    nu_str folder = root.kind == NU_KIND_STR ? root.s : nu__settings.media_root;

    if (!folder.len)
        nu_raise(NU_HTTP404, "The site has no MEDIA_ROOT.");
    return nu__static_serve(req, captured_path(req), nu_copy(folder).ptr);
}
