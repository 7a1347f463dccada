#include "views.h"

#include "forms.h"

nu_response *item_list(nu_request *req)
{
    nu_form *form = nu_modelform_for(req, ItemForm, nu_new(Item));

    if (nu_form_valid(form)) {
        nu_form_save(form);
        return nu_redirect(req, "@NAME@:index");
    }
    return nu_render(req, "@NAME@/index.html", ("items", nu_objects(Item)), ("form", form));
}
