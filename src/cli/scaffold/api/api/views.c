#include "views.h"

#include "json.h"
#include "models.h"

#define ITEM_FIELDS "id", "title", "created_at"

static nu_response *show(int status, const Item *item)
{
    return nu_json(status, ("id", item->id), ("title", item->title), ("created_at", item->created_at));
}

/* What was sent goes into the item, which is saved when nothing is wrong with it. PATCH may leave fields out. */
static nu_response *save(nu_request *req, Item *item, int status)
{
    nu_dict *sent = nu_request_json(req);
    nu_value title;
    nu_dict *errors;

    if (!nu_dict_find(sent, S("title"), &title)) {
        if (nu_request_method(req) != PATCH)
            return invalid("title", "This field is required.");
    } else if (title.kind != NU_KIND_STR) {
        return invalid("title", "Not a valid string.");
    } else {
        item->title = title.s;
    }
    errors = nu_errors_of(item);
    if (errors)
        return nu_json_response(400, V(errors));
    nu_save(item);
    return show(status, item);
}

nu_response *item_list(nu_request *req)
{
    if (nu_request_method(req) == POST)
        return save(req, nu_new(Item), 201);
    return page_of(req, nu_values(nu_objects(Item), ITEM_FIELDS));
}

nu_response *item_detail(nu_request *req)
{
    Item *item = nu_get_or_404(Item, Q("pk", nu_path_id(req, "pk")));

    switch (nu_request_method(req)) {
    case PUT:
    case PATCH:
        return save(req, item, 200);
    case DELETE:
        nu_delete(item);
        return nu_http_response(.status = 204);
    default:
        return show(200, item);
    }
}

nu_response *api_error(nu_request *req, const nu_error *error)
{
    static const struct {
        nu_error_class klass;
        int status;
        const char *detail;
    } answers[] = { { NU_HTTP404, 404, "Not found." },
                    { NU_PERMISSION_DENIED, 403, "You do not have permission to perform this action." },
                    { NU_BAD_REQUEST, 400, "Malformed request." },
                    { NU_SUSPICIOUS_OPERATION, 400, "Malformed request." } };

    (void)req;
    for (size_t i = 0; error && i < sizeof answers / sizeof *answers; i++)
        if (nu_error_is_a(error->klass, answers[i].klass))
            return nu_json(answers[i].status, ("detail", answers[i].detail));
    return nu_json(500, ("detail", "A server error occurred."));
}
