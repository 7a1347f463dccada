/**
 * @file
 * Names that the migration files give to what a model leaves unnamed.
 */
#pragma once
#include "db/models/options.h"

/* Index.set_name_with_model(): "registry_st_last_na_1a2b3c_idx". */
nu_str nu__index_def_name(const nu__model_info *info, const nu_index *index);
