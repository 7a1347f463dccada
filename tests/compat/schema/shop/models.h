/* The models of django_shop/shop/models.py, in C. STEP 2 is what they become later. */
#pragma once
#include <nuages/nuages.h>

#ifndef STEP
#define STEP 1
#endif

NU_DECLARE_MODEL(Stamped);
NU_DECLARE_MODEL(Category);
NU_DECLARE_MODEL(Product);
NU_DECLARE_MODEL(Book);
NU_DECLARE_MODEL(Everything);
NU_DECLARE_PROXY(CheapProduct, Product);

/* clang-format off */
#define STAMPED_MEMBERS nu_datetime created; nu_str note

struct Stamped { NU_OBJECT(Stamped); STAMPED_MEMBERS; };
struct Category {
    NU_OBJECT(Category);
    nu_id        id;
    STAMPED_MEMBERS;
    nu_str       code, name, slug;
    Category_ref parent;
};

#if STEP > 1
#define LATER_MEMBERS nu_datetime seen; int64_t weight, double_weight
#else
#define LATER_MEMBERS char later_[0]
#endif
#define PRODUCT_MEMBERS                                                                            \
    nu_id      id;                                                                                 \
    nu_str     name, status;                                                                       \
    nu_decimal price;                                                                              \
    int64_t    quantity, total;                                                                    \
    nu_str     label;                                                                              \
    nu_opt_int rank;                                                                               \
    nu_many    categories;                                                                         \
    LATER_MEMBERS

struct Product { NU_OBJECT(Product); PRODUCT_MEMBERS; };
struct Book { NU_OBJECT(Book); PRODUCT_MEMBERS; nu_str isbn; Category_ref shelf; };
struct Everything {
    NU_OBJECT(Everything);
    nu_id         id;
    int64_t       big, small, pos, pos_big, pos_small;
    nu_bytes      binary;
    nu_opt_bool   maybe;
    bool          yes;
    nu_date       day, published;
    nu_time       hour;
    nu_timedelta  span;
    double        ratio;
    nu_str        email, url, ip, path, text;
    nu_file_ref   file, picture;
    nu_json_value json;
    nu_uuid       uuid;
};
/* clang-format on */
