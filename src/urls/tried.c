#include "urls/resolver.h"

static nu_str after(nu_str text, size_t n)
{
    return (nu_str){ text.ptr + n, text.len - n };
}

static bool parts_match(const nu__url_pattern *pattern, nu_str path, nu_str *rest)
{
    for (size_t i = 0; i < pattern->n_parts; i++) {
        const nu__url_part *part = &pattern->parts[i];
        size_t n = part->converter ? part->converter->scan(path) : part->literal.len;

        if (part->converter ? !n : !nu_starts_with(path, part->literal))
            return false;
        path = after(path, n);
    }
    *rest = path;
    return pattern->entry->include || !path.len;
}

bool nu__url_pattern_match(const nu__url_pattern *pattern, nu_str path, nu_str *rest)
{
    nu__re_group whole;

    if (pattern->simple)
        return parts_match(pattern, path, rest);
    if (!nu__re_match(pattern->regex, path, &whole, 1))
        return false;
    *rest = after(path, (size_t)(whole.ptr + whole.len - path.ptr));
    return true;
}

static nu_str description(const nu__url_pattern *pattern)
{
    if (!pattern->entry->name)
        return pattern->route;
    return nu_fmt("{} [name='{}']", pattern->route, nu_s(pattern->entry->name));
}

/* true: the last one matched. */
static bool level_tried(const nu__url_level *level, nu_str path, nu_list *outer, nu_list *tried)
{
    for (size_t i = 0; i < level->n_items; i++) {
        const nu__url_item *item = &level->items[i];
        nu_list *way = nu_list_new();
        nu_str rest;
        bool matches = nu__url_pattern_match(item->pattern, path, &rest);

        for (size_t k = 0; k < nu_list_len(outer); k++)
            nu_list_append_(way, nu_at(outer, k));
        nu_list_append(way, description(item->pattern));
        if (matches && item->level && item->level->n_items) {
            if (level_tried(item->level, rest, way, tried))
                return true;
            continue;
        }
        nu_list_append(tried, way);
        if (matches && !item->level)
            return true;
    }
    return false;
}

nu_list *nu__url_tried(const nu__resolver *resolver, nu_str path)
{
    nu_list *tried = nu_list_new();

    if (nu_starts_with(path, S("/")))
        level_tried(&resolver->root, after(path, 1), nu_list_new(), tried);
    return tried;
}
