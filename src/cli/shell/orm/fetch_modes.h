/**
 * @file
 * Fetch modes under Django's names.
 */
#pragma once
#include "cli/shell/orm/orm.h"

/* FETCH_ONE, FETCH_PEERS and RAISE; ends with a null name. */
extern const nu__py_constant nu__orm_fetch_modes[];
/* QuerySet.fetch_mode(mode); TypeError for what is no mode. */
nu__py nu__orm_fetch_mode(nu__py self, const nu__py *args);
