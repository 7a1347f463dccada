/* Which members an initializer names: read from its text. */
#include "db/models/instance.h"

#include "core/fault.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------------------ */

static const char *skip_quoted(const char *at)
{
    char quote = *at++;

    while (*at && *at != quote)
        at += at[0] == '\\' && at[1] ? 2 : 1;
    return *at ? at + 1 : at;
}

/* To the comma that ends the initializer of one member, or the end. */
static const char *skip_value(const char *at)
{
    int depth = 0;

    while (*at) {
        if (*at == '"' || *at == '\'') {
            at = skip_quoted(at);
            continue;
        }
        if (strchr("([{", *at))
            depth++;
        else if (strchr(")]}", *at))
            depth--;
        else if (*at == ',' && depth == 0)
            return at + 1;
        at++;
    }
    return at;
}

static nu_str member_name(const char *at)
{
    size_t len = 0;

    while (isalnum((unsigned char)at[len]) || at[len] == '_')
        len++;
    return (nu_str){ at, len };
}

/* Members that share their bytes (a key under two names) are the same field. */
static void take_name(const nu__model_info *info, nu_str name, nu__given *given)
{
    const nu__field *field = nu__model_field(info, name);

    if (!field && nu_eq(name, "id"))
        field = info->pk;
    if (field) {
        nu__set_add(&given->fields, field->index);
        return;
    }
    if (!nu__model_many(info, name))
        nu_raise(NU_TYPE_ERROR, "{}() got unexpected keyword arguments: '{}'", info->name, name);
    given->many = true;
}

static nu__given parse(const nu__model_info *info, const char *text)
{
    nu__given given = { 0 };

    for (;;) {
        while (isspace((unsigned char)*text))
            text++;
        if (!*text)
            return given;
        if (*text != '.')
            nu_raise(NU_TYPE_ERROR, "{}: write members as .name = value, not \"{}\"", info->name,
                     text);
        take_name(info, member_name(text + 1), &given);
        text = skip_value(text);
    }
}

/* ---- once for each call site -------------------------------------------------------------- */

/* The text of a call site is a literal, so its address is the key. Lives as long as the process;
   an open-addressed table, kept half empty. */
typedef struct site {
    const char *text;
    const nu__model_info *info;
    nu__given given;
} site;

static site *sites;
static size_t n_sites, cap_sites;

static site *site_for(site *table, size_t cap, const char *text, const nu__model_info *info)
{
    size_t at = ((uintptr_t)text * 0x9e3779b97f4a7c15u ^ (uintptr_t)info >> 4) >> 7;

    for (;; at++) {
        site *found = &table[at & (cap - 1)];

        if (!found->text || (found->text == text && found->info == info))
            return found;
    }
}

static void grow(void)
{
    size_t cap = cap_sites ? 2 * cap_sites : 64;
    site *table = nu__fault_now() ? NULL : calloc(cap, sizeof(*table));

    if (!table)
        nu_raise(NU_MEMORY_ERROR, "no memory for a call site");
    for (size_t i = 0; i < cap_sites; i++)
        if (sites[i].text)
            *site_for(table, cap, sites[i].text, sites[i].info) = sites[i];
    free(sites);
    sites = table;
    cap_sites = cap;
}

const nu__given *nu__given_parse(const nu__model_info *info, const char *text)
{
    site *found;
    nu__given given;

    if (2 * n_sites >= cap_sites)
        grow();
    found = site_for(sites, cap_sites, text, info);
    if (!found->text) {
        given = parse(info, text);
        found = site_for(sites, cap_sites, text, info);
        *found = (site){ text, info, given };
        n_sites++;
    }
    return &found->given;
}
