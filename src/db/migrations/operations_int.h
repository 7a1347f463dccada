/**
 * @file
 * What the files of operations share. One file a kind of thing that is changed.
 */
#pragma once
#include "db/migrations/operations.h"

extern const nu__operation_type nu__create_model_type, nu__delete_model_type, nu__rename_model_type,
    nu__alter_table_type, nu__alter_comment_type, nu__alter_options_type, nu__alter_unique_type,
    nu__alter_order_type, nu__add_field_type, nu__remove_field_type, nu__alter_field_type,
    nu__rename_field_type, nu__add_index_type, nu__remove_index_type, nu__rename_index_type,
    nu__add_index_concurrently_type, nu__remove_index_concurrently_type, nu__add_constraint_type,
    nu__remove_constraint_type, nu__alter_constraint_type, nu__run_sql_type, nu__run_c_type,
    nu__separate_type, nu__create_extension_type, nu__create_collation_type,
    nu__remove_collation_type, nu__add_constraint_not_valid_type, nu__validate_constraint_type,
    nu__add_constraint_concurrently_type;

/* The model before and after the operation. */
const nu__model_info *nu__info_before(const nu__operation_run *run, const char *model);
const nu__model_info *nu__info_after(const nu__operation_run *run, const char *model);
/* A column or a many-to-many by name. Raises FieldDoesNotExist. */
const nu__field *nu__info_field(const nu__model_info *info, const char *name);
nu_str nu__lower(const char *name);
/* For operations that the database never sees. */
void nu__operation_nothing(const nu__operation_run *run, const nu_operation *op);
