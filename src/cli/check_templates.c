/* check: templates that do not compile, and variables that no view gives them. */
#include "cli/commands.h"
#include "conf/settings.h"
#include "core/list.h"
#include "core/text.h"
#include "template/engine.h"
#include "views/generic.h"

#include <nuages/context_processors.h>

enum { MOST_INCLUDES = 32 }; /* urlconfs inside one another */

/* ---- compiling --------------------------------------------------------------------------------
 */

static void compile_all(nu__template_engine *engine, nu_list *messages)
{
    nu_list *names = nu__template_names(engine);

    for (size_t i = 0; i < nu_list_len(names); i++) {
        nu_str name = nu_string(nu_at(names, i));
        const nu_error *error = nu_catch(NU_EXCEPTION, nu__template_engine_get(engine, name));

        if (error)
            nu_list_append(messages, NU_DICT(("id", "templates.E003"), ("level", "error"),
                                             ("msg", nu_copy(error->message)), ("hint", nu_null()),
                                             ("object", name)));
    }
}

/* ---- variables --------------------------------------------------------------------------------
 */

/* What every page has. False where a processor of the site's own adds names that nobody declares.
 */
static bool names_of_processors(nu_dict *names)
{
    static nu_context_processor *const usual[] = { nu_request_processor, nu_auth_processor,
                                                   nu_messages_processor, NULL };
    nu_context_processor *const *processors = nu__settings.site->context_processors;
    const char *const *own = nu__settings.site->context_names;
    bool all_known = true;

    if (!*processors)
        processors = usual;
    for (; *processors; processors++)
        all_known &= nu__processor_names(*processors, names);
    for (size_t i = 0; own[i]; i++)
        nu_dict_set(names, own[i], nu_null());
    return all_known || own[0];
}

static nu_str described(const nu_url_entry *entry)
{
    return entry->name ? nu_fmt("'{}' [name='{}']", nu_s(entry->route), nu_s(entry->name))
                       : nu_fmt("'{}'", nu_s(entry->route));
}

static void check_entry(nu__template_engine *engine, const nu_url_entry *entry,
                        const nu_dict *everywhere, nu_list *messages)
{
    nu_dict *names = nu__dict_copy(everywhere);
    nu_str template_name = nu__view_context(entry, names);
    nu__template **tpl = nu_alloc(nu__template *);
    const nu_error *error;
    nu_list *unknown;

    if (!template_name.ptr)
        return;
    error = nu_catch(NU_EXCEPTION, *tpl = nu__template_engine_get(engine, template_name));
    if (error && nu_error_is_a(error->klass, NU_TEMPLATE_DOES_NOT_EXIST))
        nu_list_append(messages, NU_DICT(("id", "templates.E004"), ("level", "error"),
                                         ("msg", nu_copy(error->message)), ("hint", nu_null()),
                                         ("object", described(entry))));
    if (error)
        return;
    unknown = nu__template_unknown(*tpl, names);
    for (size_t i = 0; i < nu_list_len(unknown); i++) {
        const nu_dict *one = nu_at(unknown, i).dict;

        nu_list_append(messages,
                       NU_DICT(("id", "templates.W004"), ("level", "warning"),
                               ("msg", nu_fmt("{}: the view gives no variable '{}'.",
                                              nu_item(one, "place"), nu_item(one, "name"))),
                               ("hint", nu_trim(nu_string(nu_item(one, "hint")))),
                               ("object", described(entry))));
    }
}

static void check_urlconf(nu__template_engine *engine, const nu_urlconf *urlconf,
                          const nu_dict *everywhere, nu_list *messages, int depth)
{
    for (size_t i = 0; urlconf && urlconf->urlpatterns[i] && depth < MOST_INCLUDES; i++) {
        const nu_url_entry *entry = urlconf->urlpatterns[i];

        if (entry->include)
            check_urlconf(engine, entry->include, everywhere, messages, depth + 1);
        else
            check_entry(engine, entry, everywhere, messages);
    }
}

nu_list *nu__check_templates(void)
{
    nu__template_engine *engine = nu__template_engine_default();
    nu_list *messages = nu_list_new();
    nu_dict *everywhere = nu_dict_new();

    compile_all(engine, messages);
    if (names_of_processors(everywhere))
        check_urlconf(engine, nu__settings.site->root_urlconf, everywhere, messages, 0);
    return messages;
}
