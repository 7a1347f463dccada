/* The models and forms that the cases of cases.txt misuse. */
#pragma once
#include <nuages/nuages.h>

NU_DECLARE_MODEL(Tag);
struct Tag {
    NU_OBJECT(Tag);
    nu_id id;
    nu_str name;
    int64_t n;
    nu_many posts;
};
NU_DECLARE_MODEL(Post);
struct Post {
    NU_OBJECT(Post);
    nu_id id;
    Tag_ref tag;
    nu_opt_int k;
    double score;
};
NU_DECLARE_FORM(F1);
struct F1 {
    NU_FORM_OBJECT;
    nu_str a;
};
NU_DECLARE_FORM(F2);
struct F2 {
    NU_FORM_OBJECT;
    nu_str a;
};
TextChoices(Color, (RED, "r", "Red"), (BLUE, "b", "Blue"));
