/* Cells as what PostgreSQL alone has: arrays, ranges, hstore. */
#include "db/sql/decode_int.h"

#include "core/object.h"
#include "db/models/postgres_values.h"

/* That of an array's items, of a range's ends. */
static nu__decoder base_decoder(const nu__decoder *decoder)
{
    const nu__field *base = decoder->type ? decoder->type->base : NULL;

    if (!base)
        return (nu__decoder){ .member = NU__MEMBER_NONE };
    return (nu__decoder){ .type = base,
                          .choices = base->choices,
                          .member = base->member,
                          .column = decoder->column,
                          .zone = decoder->zone };
}

/* An array of a type that has no cells comes as text. */
static nu_value item_of_text(const nu__decoder *decoder, nu_value item)
{
    nu_list *out;

    if (item.kind == NU_KIND_NULL)
        return item;
    if (item.kind != NU_KIND_LIST)
        return nu__decode_value(decoder, &(const nu__cell){ .kind = NU__CELL_TEXT,
                                                            .len = (uint32_t)item.s.len,
                                                            .text = item.s.ptr });
    out = nu_list_new();
    for (size_t i = 0; i < nu_list_len(item.list); i++)
        nu_list_append_(out, item_of_text(decoder, nu_at(item.list, i)));
    return nu_v_list(out);
}

/* Items of arrays in arrays are of the innermost base's type. */
static nu__decoder innermost(nu__decoder decoder)
{
    while (decoder.type && decoder.type->type->type == NU_ARRAY_FIELD)
        decoder = base_decoder(&decoder);
    return decoder;
}

nu_list *nu__decode_list(const nu__decoder *decoder, const nu__cell *cell)
{
    nu__decoder base = base_decoder(decoder), inner = innermost(base);
    nu_list *out = nu_list_new(), *parsed;

    if (cell->kind == NU__CELL_TEXT && nu__array_parse(nu__cell_text(cell), &parsed))
        return item_of_text(&inner, nu_v_list(parsed)).list;
    if (cell->kind != NU__CELL_ARRAY)
        nu__decode_wrong_kind(decoder, cell);
    for (uint32_t i = 0; i < cell->len; i++)
        nu_list_append_(out, nu__decode_value(&base, &cell->items[i]));
    return out;
}

const nu_range *nu__decode_range(const nu__decoder *decoder, const nu__cell *cell)
{
    nu__decoder base = base_decoder(decoder);
    char bounds[3] = { cell->len & NU__RANGE_LOWER_INC ? '[' : '(',
                       cell->len & NU__RANGE_UPPER_INC ? ']' : ')' };

    base.column = false; /* its decimals have no places of their own */
    if (cell->kind != NU__CELL_RANGE)
        nu__decode_wrong_kind(decoder, cell);
    if (cell->len & NU__RANGE_EMPTY)
        return nu_empty_range();
    return nu_range_of(nu__decode_value(&base, &cell->items[0]),
                       nu__decode_value(&base, &cell->items[1]), bounds);
}

nu_dict *nu__decode_dict(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_dict *out;

    if (cell->kind != NU__CELL_TEXT || !nu__hstore_parse(nu__cell_text(cell), &out))
        nu__decode_wrong_kind(decoder, cell);
    return out;
}
