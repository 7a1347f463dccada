/**
 * @file
 * The steps of building a registry, in their order.
 */
#pragma once
#include "core/arena.h"
#include "core/buf.h"
#include "db/models/options.h"

/* "app_model", "table_field", cut to what "default" takes. */
nu_str nu__registry_table_name(nu_str of, nu_str name);
/* A model with its fields, relations still unresolved; its parents are added before it. */
nu__model_info *nu__registry_add(nu__registry *registry, const nu_model *model);
/* The same, or what it was added as. ImproperlyConfigured when it is not among those given. */
nu__model_info *nu__registry_ensure(nu__registry *registry, const nu_model *model);
/* One more field; its member lies `shift` bytes from where the descriptor says. */
nu__field *nu__registry_add_field(nu__model_info *info, const nu_field *def, ptrdiff_t shift);

/* inheritance.c: the bases of a model, their number of fields, the fields, and their relations once
   the parents' are resolved. */
nu_base nu__base_of(const nu__model_info *info, size_t i); /* a NULL model ends */
size_t nu__inherited_count(const nu__model_info *info);
void nu__inherit_fields(nu__model_info *info);
void nu__inherit_relations(nu__model_info *info);
/* Targets, automatic models between, the ways back. */
void nu__relations_resolve(nu__registry *registry, const nu_model *user_model);
/* The sorted table of names that lookups may use. */
void nu__names_build(nu__model_info *info);
/* One more: a generic relation, whose key is made for lookups alone. */
void nu__names_add_generic(nu__model_info *info, nu__field *key);
/* "first_name" -> "first name" */
nu_str nu__spaced(nu_str name);
