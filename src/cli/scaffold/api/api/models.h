#pragma once
#include <nuages/nuages.h>

NU_DECLARE_MODEL(Item);

struct Item {
    NU_OBJECT(Item);
    nu_id id;
    nu_str title;
    nu_datetime created_at;
};
