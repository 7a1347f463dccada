/**
 * @file
 * What the parts of the ORM's binding share: the types of its values, and how they become the
 * library's and come back.
 *
 *   shell value        payload
 *   a model            nu__py_class of a type made for it once; `of` is its nu__model_info
 *   an instance        nu_object *, of the model's type
 *   a query set        nu__orm_set *
 *   a manager          nu__orm_set *, with the instance and relation it belongs to, if any
 *   an expression, Q   const nu_expr *, of the type of the class that made it
 *   a model's field    const nu__field *
 *   IntegerField()     const nu_output *: the type of a computed value
 */
#pragma once
#include "cli/shell/evaluator.h"
#include "cli/shell/modules.h"
#include "db/models/queryset.h"

/* ---- models and instances -------------------------------------------------------------------- */

extern const nu__py_type nu__orm_model_type; /* the base of every model's type: Model */
/* The type of a model's instances, made once. */
const nu__py_type *nu__orm_type_of(nu__model_info *info);
/* The model that a type stands for; NULL: none. */
nu__model_info *nu__orm_model_of(const nu__py_type *type);
nu__py nu__orm_instance(const nu_object *object); /* None for NULL */
nu_object *nu__orm_object(nu__py value);          /* NULL: no instance */

/* Student.DoesNotExist, MultipleObjectsReturned: an error class of the model's own. */
const nu__py_type *nu__orm_error_of(nu__model_info *info, nu_error_class klass);
/* User.student.RelatedObjectDoesNotExist: one of the model that a relation leads to. */
const nu__py_type *nu__orm_missing_related(nu__model_info *to);

/* What a model's class has for a field or relation: Course.tags.through; false: it has none. */
bool nu__orm_descriptor(nu__model_info *info, nu_str name, nu__py *out);

/* "Status" of a model whose field "status" has choices: Student.Status; false: there is none. */
bool nu__orm_choices(const nu__model_info *info, nu_str name, nu__py *out);

nu__py nu__orm_meta(nu__model_info *info);
nu__py nu__orm_field(const nu__field *field);
extern const nu__py_method nu__orm_field_methods[];
/* Beside those: what only relations have. */
bool nu__orm_field_get(nu__py self, nu_str name, nu__py *out);
void nu__orm_field_names(nu__py self, nu_list *out);
nu__py nu__orm_relation(const nu__relation *relation); /* one of another model, seen from its end */
nu__py nu__orm_indexes(const nu__model_info *info);
nu__py nu__orm_constraints(const nu__model_info *info);
/* The type that output_field= names; None and absent: NULL; else TypeError. */
const nu_output *nu__orm_output_of(nu__py value);

/* ---- query sets and managers ----------------------------------------------------------------- */

typedef struct nu__orm_set {
    nu_query *query;
    bool named;                   /* values_list(named=True) */
    nu__model_info *info;         /* managers: the model whose rows they give */
    nu_object *instance;          /* related managers */
    const nu__relation *relation; /* theirs */
    nu_str name;                  /* of the relation on the instance */
    bool reverse;
    const char *using; /* managers: db_manager()'s alias; NULL: the router's */
} nu__orm_set;

/* What query sets and managers share; each of them. */
extern const nu__py_type nu__orm_rows_type, nu__orm_queryset_type, nu__orm_manager_type,
    nu__orm_related_manager_type, nu__orm_raw_type;

extern const nu__py_attribute nu__orm_query_attributes[];
/* `&`, `|` and `^` of query sets. */
bool nu__orm_combine(nu__py_operator op, nu__py a, nu__py b, nu__py *out);
/* What the manager of ContentType has beside; false: the manager is another's, or has no such. */
bool nu__orm_content_types_get(nu__py self, nu_str name, nu__py *out);
/* The same of a ContentType itself. */
bool nu__orm_content_type_get(nu__py self, nu_str name, nu__py *out);
/* A query method of the model's own: Student.objects.active. */
bool nu__orm_own_method(nu__py self, nu_str name, nu__py *out);
void nu__orm_own_method_names(nu__py self, nu_list *out);

nu__py nu__orm_queryset(nu_query *query);
/* One made from another: rows keep the shape they had. */
nu__py nu__orm_derived(nu__py from, nu_query *query);
/* `query`: the rows of a named manager; NULL: all. */
nu__py nu__orm_manager(nu__model_info *info, nu_query *query);
nu__py nu__orm_related_manager(nu_object *instance, const nu__relation *relation, bool reverse);
/* The query of a query set or manager (a manager's anew each time); NULL: neither. */
nu_query *nu__orm_query_of(nu__py value);
/* The rows, as the shell has them; read once. */
nu__py nu__orm_rows(nu__py queryset);

/* ---- expressions ----------------------------------------------------------------------------- */

extern const nu__py_type nu__orm_expression_type, nu__orm_q_type, nu__orm_f_type;
/* The classes of django.db.models and its functions by name; NULL: none. */
const nu__py_type *nu__orm_class(nu_str name);
void nu__orm_class_names(nu_list *out);
/* GreaterThan of "gt"; NULL: there is no class of the lookup alone. */
const nu__py_type *nu__orm_lookup_class(nu_str lookup);

nu__py nu__orm_expression(const nu__py_type *type, const nu_expr *expr);
bool nu__orm_is_expression(nu__py value);
/* The same node with the type that output_field= names, if it does. */
/* The query of an argument; AttributeError naming `what` where it is none. */
nu_query *nu__orm_query_argument(nu__py value, const char *what);
const nu_expr *nu__orm_typed(const nu_expr *expr, nu__py output_field);
extern const nu__py_type nu__orm_prefetch_type, nu__orm_output_type;
/* Classes written out in classes.c and classes_dates.c; they end with a null name. */
extern const nu__py_type nu__orm_classes[], nu__orm_date_classes[], nu__orm_postgres_classes[];
/* Range: what range fields hold; a payload is a const nu_range *. */
extern const nu__py_type nu__orm_range_type;
/* A type that lives as long as the process, once for each name; `like` is what it is a copy of. */
const nu__py_type *nu__orm_type_kept(const nu__py_type *like, const char *name);
/* The node of an expression; text names a field, other values are literals. */
const nu_expr *nu__orm_operand(nu__py value, bool text_is_field);

/* `&`, `|`, `^` and `~` of conditions; false: a side is none. */
bool nu__orm_join_conditions(nu__py_operator op, nu__py a, nu__py b, nu__py *out);

/* Whether it is an expression that is true or false: a Q, a lookup, a boolean function. */
bool nu__orm_is_condition(nu__py value);
/* Positional conditions and keywords as one list that ends with an empty one. */
const nu_cond *nu__orm_conditions(nu__py args, nu__py kwargs);
const nu_expr *nu__orm_q_node(nu__py args, nu__py kwargs, nu__connector connector, bool negated);

/* ---- values ---------------------------------------------------------------------------------- */

/* Objects, query sets and expressions of the library as values, and back; TypeError for what is
   none. Called by nu__py_of() and nu__py_to_value() for what they do not know themselves. */
nu__py nu__orm_of(nu_value value);
nu_value nu__orm_to_value(nu__py value);
/* An object of the library's that is no instance: a field's file. */
nu__py nu__orm_object_of(const nu_object *object);
nu_values nu__orm_values(nu__py sequence);
/* The parameters of a statement: a sequence for its "%s", or a dict for its "%(name)s", which
   become
   "%s" in *sql. KeyError for a name that the dict has not. */
nu_values nu__orm_params(nu__py params, nu_str *sql);
/* A dict as pairs that end with a null key; absent or None: none. */
const nu_var *nu__orm_vars(nu__py dict);
/* The same of a model's fields. What a JSON field can't write raises its TypeError when it is
   written, or is what full_clean() refuses. */
const nu_var *nu__orm_field_vars(const nu__model_info *info, nu__py dict);
nu_value nu__orm_field_value(const nu__model_info *info, nu_str name, nu__py value);
/* The same, where a function stands for what it will give when it is asked: defaults=. */
const nu_var *nu__orm_defaults(const nu__model_info *info, nu__py dict);
const nu_timezone *nu__orm_zone(nu__py value); /* tzinfo=; None and absent: NULL; TypeError */
/* Texts of a list or tuple, ending with NULL. TypeError naming `what`. */
const char *const *nu__orm_names_of(nu__py sequence, const char *what);
const char *nu__orm_cstr(nu__py value, const char *what); /* None and absent: NULL */
/* A name as C has it; `what` tells whose. ValueError for one with a null character, which C would
   cut short. */
const char *nu__orm_name(nu_str name, const char *what);

/* ---- names ----------------------------------------------------------------------------------- */

/* The names that the shell has without an import: models, expressions, functions. */
void nu__orm_globals(nu__py_scope *scope);
/* The exceptions that Python has no built-in of; ends with 0. */
extern const nu_error_class nu__orm_exceptions[];
/* django.db.models and so on, and "registry.models" of an app; NULL: none of that name. */
const nu__py_module_row *nu__orm_module(nu_str name);
void nu__orm_module_names(nu_list *out);
/* The model of "registry.Student" or of an app's label and a name; LookupError. */
nu__model_info *nu__orm_model_named(nu__py app_label, nu__py name);
extern const nu__py_module_row nu__orm_timezone_module, nu__orm_shortcuts_module,
    nu__orm_apps_module, nu__orm_conf_module, nu__orm_validators_module, nu__orm_json_module,
    nu__orm_dateparse_module;
/* "registry.models", and "registry" in front of it; NULL: there is none, or not yet. */
const nu__py_module_row *nu__orm_app_module(nu_str name);
extern const nu__py_type nu__orm_transaction_type, nu__orm_connection_type;
