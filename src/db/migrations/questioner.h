/**
 * @file
 * What the autodetector cannot know: whether a model was renamed or another one made, what the rows
 * that are there get in a new column. Counterpart: django.db.migrations.questioner.
 */
#pragma once
#include "db/migrations/graph.h"

/* A value for the rows that are there. */
typedef struct nu__one_off {
    nu_default value;
    nu_value (*call)(void);
} nu__one_off;

typedef enum nu__answer {
    NU__ANSWER_VALUE, /* in `out` */
    NU__ANSWER_NONE,  /* leave it without */
} nu__answer;

/* All may yield; those that find no answer raise. */
typedef struct nu__questioner {
    void *self;
    /* An app without migrations that was not named: shall it get its first ones? */
    bool (*initial)(void *self, const char *app);
    bool (*rename_model)(void *self, const nu_model *old, const nu_model *model);
    bool (*rename_field)(void *self, const nu_model *model, const nu_field *old,
                         const nu_field *field);
    void (*not_null_addition)(void *self, const nu_model *model, const nu_field *field,
                              nu__one_off *out);
    nu__answer (*not_null_alteration)(void *self, const nu_model *model, const nu_field *field,
                                      nu__one_off *out);
    void (*auto_now_add_addition)(void *self, const nu_model *model, const nu_field *field,
                                  nu__one_off *out);
    void (*unique_callable)(void *self, const nu_model *model, const nu_field *field);
} nu__questioner;

/* Answers no to everything, and takes any value: to see whether there are changes. */
extern const nu__questioner nu__silent_questioner;
