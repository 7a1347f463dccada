#include "http/accept.h"

#include "core/buf.h"
#include "core/float.h"
#include "core/object.h"
#include "core/text.h"
#include "http/message.h"
#include "utils/http.h"

#include <math.h>
#include <stdlib.h>

/* round(q, 3); what is no number from 0 to 1 counts as 1. */
static double quality_of(const nu_dict *params)
{
    nu_value value = params ? nu_item(params, "q") : nu_null();
    double quality;

    if (value.kind != NU_KIND_STR || !nu__float_try_parse(value.s, &quality) ||
        !(quality >= 0 && quality <= 1))
        return 1;
    return rint(quality * 1000) / 1000;
}

static size_t range_params(const nu_dict *params)
{
    nu_value q;

    return params ? nu_dict_len(params) - (size_t)nu_dict_find(params, S("q"), &q) : 0;
}

nu__media_type nu__media_type_parse(nu_str text)
{
    nu__media_type type = { .quality = 1 };
    nu_str full = S("");
    ptrdiff_t slash;

    if (!nu__parse_header_parameters(text, &full, &type.params))
        type.params = NULL;
    slash = nu__find(full, S("/"));
    type.main = slash < 0 ? full : nu__sub(full, 0, (size_t)slash);
    type.sub = slash < 0 ? S("") : nu__sub(full, (size_t)slash + 1, full.len);
    type.quality = quality_of(type.params);
    type.specificity = nu_eq(type.main, "*")        ? 0
                       : nu_eq(type.sub, "*")       ? 1
                       : !range_params(type.params) ? 2
                                                    : 3;
    return type;
}

nu_str nu__media_type_str(const nu__media_type *type)
{
    nu__buf out = { 0 };

    nu__buf_fmt(&out, "{}{}{}", type->main, type->sub.len ? "/" : "", type->sub);
    for (size_t i = 0; type->params && i < nu_dict_len(type->params); i++)
        nu__buf_fmt(&out, "; {}={}", nu_dict_key(type->params, i), nu_dict_value(type->params, i));
    return nu__buf_str(&out);
}

static bool part_matches(nu_str a, nu_str b)
{
    return nu_eq_(a, b) || nu_eq(a, "*") || nu_eq(b, "*");
}

/* The same parameters, q apart. */
static bool same_params(const nu_dict *a, const nu_dict *b)
{
    nu_value other;

    for (size_t i = 0; i < nu_dict_len(a); i++) {
        nu_str key = nu_dict_key(a, i);

        if (!nu_eq(key, "q") &&
            !(nu_dict_find(b, key, &other) && nu__value_equal(nu_dict_value(a, i), other)))
            return false;
    }
    return true;
}

bool nu__media_type_match(const nu__media_type *pattern, const nu__media_type *type)
{
    size_t mine = range_params(pattern->params), theirs = range_params(type->params);

    if (!pattern->main.len || !pattern->sub.len || !type->main.len || !type->sub.len)
        return false;
    if (!part_matches(pattern->main, type->main) || !part_matches(pattern->sub, type->sub))
        return false;
    if (mine && theirs)
        return mine == theirs && same_params(pattern->params, type->params);
    return mine > 0 || theirs == 0;
}

/* ---- Accept
 * --------------------------------------------------------------------------------------- */

static int by_quality(const void *left, const void *right)
{
    const nu__media_type *a = left, *b = right;

    if (a->quality != b->quality)
        return a->quality > b->quality ? -1 : 1;
    if (a->specificity != b->specificity)
        return a->specificity > b->specificity ? -1 : 1;
    return a->position < b->position ? -1 : 1;
}

nu__accepted nu__accept_parse(nu_str header)
{
    nu_list *tokens = nu__split(header.ptr ? header : S("*/*"), S(","));
    nu__accepted out = { .types = nu_alloc_array(nu__media_type, nu_list_len(tokens)) };

    for (size_t i = 0; i < nu_list_len(tokens); i++) {
        nu_str token = nu_at(tokens, i).s;
        nu__media_type type;

        if (!nu_trim(token).len)
            continue;
        type = nu__media_type_parse(token);
        type.position = (uint32_t)i;
        if (type.quality != 0)
            out.types[out.n++] = type;
    }
    if (out.n)
        qsort(out.types, out.n, sizeof *out.types, by_quality);
    return out;
}

/* By specificity, then quality: the order of the header's types decides the rest. */
const nu__media_type *nu__accepted_for(const nu__accepted *accepted, nu_str text)
{
    nu__media_type type = nu__media_type_parse(text);
    const nu__media_type *best = NULL;

    for (size_t i = 0; i < accepted->n; i++) {
        const nu__media_type *candidate = &accepted->types[i];

        if (nu__media_type_match(&type, candidate) &&
            (!best || candidate->specificity > best->specificity))
            best = candidate;
    }
    return best;
}

bool nu_request_accepts(nu_request *req, const char *media_type)
{
    nu__accepted accepted = nu__accept_parse(nu_request_header(req, "Accept"));

    return nu__accepted_for(&accepted, nu_s(media_type)) != NULL;
}

nu_str nu_request_preferred_type(nu_request *req, const char *const *media_types)
{
    nu__accepted accepted = nu__accept_parse(nu_request_header(req, "Accept"));
    const nu__media_type *best = NULL;
    const char *name = NULL;

    for (; *media_types; media_types++) {
        const nu__media_type *type = nu__accepted_for(&accepted, nu_s(*media_types));

        if (type && (!best || type < best)) {
            best = type;
            name = *media_types;
        }
    }
    return nu_s(name);
}
