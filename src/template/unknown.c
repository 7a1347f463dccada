/* Which variables a template reads that nobody gives it: for ./manage check.

   Names are looked at without their scopes: what one tag sets counts as known everywhere in the
   page, its parents and its includes. So nothing is reported that could exist. */
#include "template/engine.h"

#include "core/list.h"
#include "core/suggest.h"
#include "core/text.h"
#include "template/node.h"
#include "template/parser.h"

/* A page's templates: itself, its parents and what they include, as far as their names are
 * literals. */
typedef struct page {
    const nu__template **items;
    size_t n, cap;
    nu_dict *known;
    bool open; /* a tag may set any name */
} page;

static bool holds(const page *page, const nu__template *tpl)
{
    for (size_t i = 0; i < page->n; i++)
        if (page->items[i] == tpl)
            return true;
    return false;
}

static void add(page *page, const nu__template *tpl)
{
    size_t cap = page->cap ? page->cap * 2 : 8;

    if (holds(page, tpl))
        return;
    if (page->n == page->cap) {
        page->items =
            nu__grow(page->items, page->cap * sizeof(*page->items), cap * sizeof(*page->items));
        page->cap = cap;
    }
    page->items[page->n++] = tpl;
    page->open |= tpl->sets_more;
    for (const nu__mention *set = tpl->sets; set; set = set->next)
        nu_dict_set_str(page->known, set->name->text, nu_null());
}

/* What can't be found or compiled has an error of its own. */
static void add_named(page *page, nu__template_engine *engine, const nu__symbol *name)
{
    nu__template **found = nu_alloc(nu__template *);

    if (!nu_catch(NU_EXCEPTION, *found = nu__template_engine_get(engine, name->text)))
        add(page, *found);
}

static void add_related(page *page, const nu__template *tpl)
{
    if (tpl->parent_symbol)
        add_named(page, tpl->engine, tpl->parent_symbol);
    for (const nu__mention *part = tpl->includes; part; part = part->next)
        add_named(page, tpl->engine, part->name);
}

static bool is_always_there(const nu__symbol *name)
{
    static const char *const names[] = {
        "True", "False", "None", "forloop", "block", "csrf_token"
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (nu_eq(name->text, names[i]))
            return true;
    return false;
}

static nu_str suggestion(const page *page, nu_str name)
{
    size_t n = nu_dict_len(page->known);
    const char **names = nu_alloc_array(const char *, n);

    for (size_t i = 0; i < n; i++)
        names[i] = nu_dict_key(page->known, i).ptr;
    return nu__suggestion(name, names, n);
}

/* Each once, at the first place. */
static void collect(const page *page, const nu__template *tpl, nu_dict *found)
{
    for (const nu__mention *read = tpl->reads; read; read = read->next)
        if (!is_always_there(read->name) && !nu_dict_find(page->known, read->name->text, NULL))
            nu_dict_set(found, nu_fmt("{} {}", tpl->origin, read->name->text).ptr,
                        NU_DICT(("name", read->name->text),
                                ("place", nu__template_place(tpl, read->position)),
                                ("hint", suggestion(page, read->name->text))));
}

nu_list *nu__template_unknown(const nu__template *tpl, const nu_dict *context)
{
    page page = { .known = nu__dict_copy(context) };
    nu_dict *found = nu_dict_new();

    add(&page, tpl);
    for (size_t i = 0; i < page.n; i++)
        add_related(&page, page.items[i]);
    for (size_t i = 0; i < page.n && !page.open; i++)
        collect(&page, page.items[i], found);
    return nu__dict_values(found);
}
