/**
 * @file
 * The models of the ORM's measurements: books of ten thousand rows, and the tables of the handlers.
 */
#pragma once
#include <nuages/nuages.h>

NU_DECLARE_MODEL(Publisher);
NU_DECLARE_MODEL(Author);
NU_DECLARE_MODEL(Book);
NU_DECLARE_MODEL(World);
NU_DECLARE_MODEL(Fortune);

/* clang-format off */
struct Publisher {
    NU_OBJECT(Publisher);
    nu_id  id;
    nu_str name;
};

struct Author {
    NU_OBJECT(Author);
    nu_id         id;
    nu_str        name;
    nu_str        country;
    Publisher_ref publisher;
};

struct Book {
    NU_OBJECT(Book);
    nu_id       id;
    nu_str      title;
    nu_decimal  price;
    nu_date     published;
    nu_datetime created;
    bool        in_stock;
    int64_t     pages;
    Author_ref  author;
};

struct World {
    NU_OBJECT(World);
    nu_id   id;
    int64_t random_number;
};

struct Fortune {
    NU_OBJECT(Fortune);
    nu_id  id;
    nu_str message;
};
/* clang-format on */

extern const nu_app bench_app;
