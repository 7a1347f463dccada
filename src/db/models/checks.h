/**
 * @file
 * What the system checks of fields and of models share.
 */
#pragma once
#include "db/models/options.h"

/* One row of nu__models_check(); `hint` NULL: none. */
void nu__check_report(nu_list *out, const char *id, const char *level, nu_str object,
                      nu_str message, const char *hint);
/* "app.Model.field"; and the same about it. */
nu_str nu__checked_name(const nu__field *field);
void nu__check_error(const nu__field *field, nu_list *out, const char *id, nu_str message,
                     const char *hint);
void nu__check_warning(const nu__field *field, nu_list *out, const char *id, nu_str message,
                       const char *hint);
/* Those of a foreign key or many-to-many; nothing for other fields. */
void nu__check_relation(const nu__field *field, nu_list *out);
/* All checks of one field, many-to-many ones too. */
void nu__check_field(const nu__field *field, nu_list *out);
