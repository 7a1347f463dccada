/**
 * @file
 * The models that the documentation speaks of: those of Django's own pages, in C.
 */
#pragma once
#include <nuages/nuages.h>

NU_DECLARE_MODEL(Blog);
NU_DECLARE_MODEL(Author);
NU_DECLARE_MODEL(Entry);

TextChoices(EntryStatus, (ENTRY_DRAFT, "draft", "Draft"), (ENTRY_PUBLISHED, "published", "Published"));

struct Blog {
    NU_OBJECT(Blog);
    nu_id id;
    nu_str name;
    nu_str tagline;
};

struct Author {
    NU_OBJECT(Author);
    nu_id id;
    nu_str name;
    nu_str email;
};

struct Entry {
    NU_OBJECT(Entry);
    nu_id id;
    Blog_ref blog;
    nu_str headline;
    nu_str body_text;
    EntryStatus status;
    nu_date pub_date;
    nu_many authors;
    int64_t number_of_comments;
    int64_t number_of_pingbacks;
    nu_opt_int rating;
};
