#include "auth/anonymous.h"

/* The visitor of a request, made when a page first asks. */
typedef struct visitor {
    nu_object user;
    nu_object perms;
    nu_request *req;
    bool asked; /* a page depends on who it is */
} visitor;

static const nu_class user_class, perms_class;

static visitor *visitor_of(nu_request *req)
{
    visitor *made = req->locals[NU__REQUEST_USER];

    if (made)
        return made;
    made = nu_alloc(visitor);
    made->user.type = &user_class;
    made->perms.type = &perms_class;
    made->req = req;
    req->locals[NU__REQUEST_USER] = made;
    return made;
}

void nu__request_user_vary(nu_request *req, nu_response *response)
{
    const visitor *made = req->locals[NU__REQUEST_USER];

    if (made && made->asked)
        nu_patch_vary(response, "Cookie");
}

/* ---- user ------------------------------------------------------------------------------------ */

static visitor *of_user(const nu_object *self)
{
    return (visitor *)((char *)self - offsetof(visitor, user));
}

static bool user_get(const nu_object *self, nu_str name, nu_value *out)
{
    static const struct {
        const char *name;
        bool value;
    } flags[] = {
        { "is_authenticated", false }, { "is_anonymous", true },  { "is_active", false },
        { "is_staff", false },         { "is_superuser", false },
    };

    of_user(self)->asked = true;
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (nu_eq(name, flags[i].name)) {
            *out = nu_v_bool(flags[i].value);
            return true;
        }
    if (nu_eq(name, "id") || nu_eq(name, "pk"))
        *out = nu_null();
    else if (nu_eq(name, "username") || nu_eq(name, "get_username"))
        *out = V("");
    else if (nu_eq(name, "groups") || nu_eq(name, "user_permissions"))
        *out = V(nu_list_new());
    else
        return false;
    return true;
}

static nu_value user_text(const nu_object *self)
{
    of_user(self)->asked = true;
    return V("AnonymousUser");
}

static bool user_truth(const nu_object *self)
{
    of_user(self)->asked = true;
    return true;
}

static const nu_object_ops user_ops = {
    .kind = "user", .get = user_get, .text = user_text, .truth = user_truth
};
static const nu_class user_class = { &user_ops, "AnonymousUser" };

nu_value nu__request_user(nu_request *req)
{
    nu_value attached = nu_request_value(req, "user");

    if (attached.kind != NU_KIND_NULL)
        return attached;
    return (nu_value){ .kind = NU_KIND_OBJECT, .object = &visitor_of(req)->user };
}

/* ---- perms ----------------------------------------------------------------------------------- */

static bool has_every_permission(visitor *made)
{
    nu_value user = nu__request_user(made->req), active, superuser;

    made->asked = true;
    return nu__value_get(user, S("is_active"), &active) && nu__value_truth(active) &&
           nu__value_get(user, S("is_superuser"), &superuser) && nu__value_truth(superuser);
}

/* perms.app and perms.app.permission are the same object, as true or as false as every other. */
static bool perms_get(const nu_object *self, nu_str name, nu_value *out)
{
    (void)name;
    *out = (nu_value){ .kind = NU_KIND_OBJECT, .object = self };
    return true;
}

static bool perms_truth(const nu_object *self)
{
    return has_every_permission((visitor *)((char *)self - offsetof(visitor, perms)));
}

static nu_value perms_text(const nu_object *self)
{
    return V(perms_truth(self) ? "True" : "False");
}

static const nu_object_ops perms_ops = {
    .kind = "perms", .get = perms_get, .text = perms_text, .truth = perms_truth
};
static const nu_class perms_class = { &perms_ops, "PermWrapper" };

nu_value nu__request_perms(nu_request *req)
{
    return (nu_value){ .kind = NU_KIND_OBJECT, .object = &visitor_of(req)->perms };
}
