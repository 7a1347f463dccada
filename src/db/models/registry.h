/**
 * @file
 * The steps of building a registry, in their order.
 */
#pragma once
#include "core/arena.h"
#include "core/buf.h"
#include "db/models/options.h"

/* A model with its fields, relations still unresolved. */
nu__model_info *nu__registry_add(nu__registry *registry, const nu_model *model);
/* Targets, automatic models between, the ways back. */
void nu__relations_resolve(nu__registry *registry, const nu_model *user_model);
/* The sorted table of names that lookups may use. */
void nu__names_build(nu__model_info *info);
/* "first_name" -> "first name" */
nu_str nu__spaced(nu_str name);
