/* Models with the fields that only PostgreSQL has; django/shelf/models.py has the same. */
#pragma once
#include <nuages/postgres.h>

NU_DECLARE_MODEL(Item);
NU_DECLARE_MODEL(Span);
NU_DECLARE_MODEL(Note);

struct Item {
    NU_OBJECT(Item);
    nu_id id;
    nu_str name;
    nu_list *tags, *scores, *grid, *days, *times, *prices, *tokens, *documents, *periods, *places;
};

struct Span {
    NU_OBJECT(Span);
    nu_id id;
    const nu_range *ints, *bigs, *decimals, *times, *dates;
    int64_t whole, small, big;
    double ratio;
    nu_decimal price;
    nu_date day;
    nu_datetime moment;
};

struct Note {
    NU_OBJECT(Note);
    nu_id id;
    nu_dict *data;
    nu_list *maps, *labels;
};
