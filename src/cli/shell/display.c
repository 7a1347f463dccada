/* Values for a person: query sets, lists of rows and dicts as tables. */
#include "cli/shell/session.h"

#include "cli/shell/orm/orm.h"
#include "cli/shell/width.h"
#include "core/list.h"

enum { MOST_ROWS = 20, WIDEST_CELL = 40 };

typedef struct table {
    nu_list *head;
    nu_list *rows; /* lists of texts */
    size_t more;   /* rows that are left out */
} table;

/* ---- cells ----------------------------------------------------------------------------------- */

static nu_str cell_of(nu__py value)
{
    nu_str text = value.type == &nu__py_none_type ? S("—") : nu__py_text(value);
    nu__buf out = { 0 };

    for (size_t i = 0; i < text.len; i++)
        nu__buf_char(&out, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
    return nu__py_cut(nu__buf_str(&out), WIDEST_CELL);
}

static void add_row(table *t, const nu__py *values, size_t n)
{
    nu_list *row = nu_list_new();

    for (size_t i = 0; i < n; i++)
        nu_list_append(row, cell_of(values[i]));
    nu_list_append(t->rows, row);
}

/* ---- which rows ------------------------------------------------------------------------------ */

/* An instance's row: its key and what str() says of it. */
static void add_instance(table *t, nu__py object)
{
    nu__py cells[] = { nu__py_get(object, S("pk")), object };

    add_row(t, cells, 2);
}

static void add_dict(table *t, nu__py dict)
{
    nu__py cells = nu__py_list_new(&nu__py_list_type, dict.dict->len);
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(dict.dict, &at));) {
        if (!t->rows->len)
            nu_list_append(t->head, nu__py_text(entry->key));
        nu__py_append(cells, entry->value);
    }
    add_row(t, cells.list->items, cells.list->len);
}

static void add_item(table *t, nu__py item)
{
    if (nu__py_is_a(item.type, &nu__orm_model_type)) {
        if (!t->rows->len) {
            nu_list_append(t->head, S("pk"));
            nu_list_append(t->head, item.type->name);
        }
        add_instance(t, item);
    } else if (NU__PY_IS(item, dict)) {
        add_dict(t, item);
    } else if (NU__PY_IS(item, tuple)) {
        add_row(t, item.list->items, item.list->len);
    } else {
        add_row(t, &item, 1);
    }
}

/* What can be shown as rows: all of one kind, and dicts of the same keys. */
static bool is_tabular(nu__py items, bool from_query)
{
    const nu__py_list *list = items.list;

    for (size_t i = 0; i < list->len; i++) {
        const nu__py *item = &list->items[i];

        if (item->type != list->items[0].type)
            return false;
        if (NU__PY_IS(*item, dict) && item->dict->len != list->items[0].dict->len)
            return false;
        if (NU__PY_IS(*item, dict) && !item->dict->len)
            return false;
    }
    if (!list->len)
        return from_query;
    return from_query || nu__py_is_a(list->items[0].type, &nu__orm_model_type) ||
           NU__PY_IS(list->items[0], dict);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void widen(size_t *widths, const nu_list *cells)
{
    for (size_t i = 0; i < cells->len; i++) {
        size_t width = nu__py_width(cells->items[i].s);

        if (width > widths[i])
            widths[i] = width;
    }
}

static void draw_row(nu__buf *out, const nu_list *cells, const size_t *widths)
{
    for (size_t i = 0; i < cells->len; i++) {
        if (i)
            nu__buf_lit(out, "  ");
        nu__buf_str_add(out, cells->items[i].s);
        if (i + 1 < cells->len)
            nu__buf_fill(out, ' ', widths[i] - nu__py_width(cells->items[i].s));
    }
    nu__buf_char(out, '\n');
}

static void draw_line(nu__buf *out, const size_t *widths, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            nu__buf_lit(out, "  ");
        for (size_t k = 0; k < widths[i]; k++)
            nu__buf_lit(out, "─");
    }
    nu__buf_char(out, '\n');
}

static nu_str drawn(const table *t, const char *noun)
{
    size_t n = t->head->len ? t->head->len : t->rows->len ? nu_as_list(t->rows->items[0])->len : 0;
    size_t *widths = nu_alloc_array(size_t, n + 1), total = t->rows->len + t->more;
    nu__buf out = { 0 };

    widen(widths, t->head);
    for (size_t i = 0; i < t->rows->len; i++)
        widen(widths, t->rows->items[i].list);
    if (t->head->len) {
        draw_row(&out, t->head, widths);
        draw_line(&out, widths, n);
    }
    for (size_t i = 0; i < t->rows->len; i++)
        draw_row(&out, t->rows->items[i].list, widths);
    if (t->more)
        nu__buf_fmt(&out, "… {} more\n", t->more);
    nu__buf_fmt(&out, "({} {}{})", total, noun, total == 1 ? "" : "s");
    return nu__buf_str(&out);
}

static nu_str as_table(nu__py items, bool from_query)
{
    table t = { nu_list_new(), nu_list_new(), 0 };
    size_t n = items.list->len;

    for (size_t i = 0; i < n && i < MOST_ROWS; i++)
        add_item(&t, items.list->items[i]);
    t.more = n > MOST_ROWS ? n - MOST_ROWS : 0;
    return drawn(&t, from_query ? "row" : "item");
}

nu_str nu__py_display(nu__py value)
{
    bool query = nu__py_is_a(value.type, &nu__orm_queryset_type);
    nu__py items = value;

    if (query)
        items = nu__py_collect(value, &nu__py_list_type);
    if ((query || value.type == &nu__py_list_type) && (query || items.list->len) &&
        is_tabular(items, query))
        return as_table(items, query);
    return nu__py_repr(value);
}
