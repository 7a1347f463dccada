"""Django's migration operations written as the C of a Nuages migration."""
import datetime
import uuid

from django.db import models
from django.db.models import NOT_PROVIDED
from django.db.models.expressions import CombinedExpression, OrderBy

FLAGS = ("null", "blank", "unique", "primary_key", "auto_now", "auto_now_add", "parent_link", "allow_unicode",
         "unpack_ipv4", "recursive", "allow_folders", "db_persist")
# Django's flags whose opposite is the C option: what is not so by itself.
OPPOSITES = {"editable": "read_only", "db_constraint": "no_db_constraint", "allow_files": "no_files"}
NUMBERS = ("max_length", "max_digits", "decimal_places")
TEXTS = ("db_column", "related_name", "related_query_name", "db_table", "to_field", "upload_to", "help_text", "verbose_name",
         "db_comment", "db_collation", "path", "match", "width_field", "height_field", "unique_for_date", "unique_for_month",
         "unique_for_year", "db_tablespace")
PROTOCOLS = {"ipv4": "NU_IPV4", "ipv6": "NU_IPV6"}
CALLABLES = {dict: "nu_default_dict", list: "nu_default_list", uuid.uuid4: "nu_default_uuid4"}
USERS = "settings.auth_user_model"


def text(value):
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def value(default):
    if isinstance(default, bool):
        return "true" if default else "false"
    if isinstance(default, bytes):
        return text(default.decode())
    if isinstance(default, datetime.timedelta):
        return text(str(default).replace(" day, ", " ").replace(" days, ", " "))
    return str(default) if isinstance(default, (int, float)) else text(default)


def default(got):
    return f".default_call = {CALLABLES[got]}" if callable(got) else f"Default({value(got)})"


def label(target):
    return "NU_AUTH_USER_MODEL" if str(target).lower() in (USERS, "auth.user") else text(target)


def field(name, given):
    _, path, args, kwargs = given.deconstruct()
    kind = path.rsplit(".", 1)[1]
    parts = [text(name)]
    if "to" in kwargs:
        parts.append(label(kwargs.pop("to")))
    if "on_delete" in kwargs:
        parts.append(f".on_delete = {kwargs.pop('on_delete').__name__}")
    if "through" in kwargs:
        parts.append(f".through_name = {text(kwargs.pop('through'))}")
    for key, got in kwargs.items():
        if key in FLAGS:
            parts += [f".{key} = true"] if got else []
        elif key in NUMBERS:
            parts.append(f".{key} = {got}")
        elif key in TEXTS:
            parts.append(f".{key} = {text(got)}")
        elif key == "default":
            parts += [] if got is NOT_PROVIDED else [default(got)]
        elif key == "protocol":
            parts.append(f".protocol = {PROTOCOLS[got.lower()]}")
        elif key == "limit_choices_to":
            parts.append(f".limit_choices_to = {text(condition(models.Q(**got)))}")
        elif key == "error_messages":
            parts.append(".error_messages = { " + ", ".join(names(pair) for pair in got.items()) + " }")
        elif key == "db_default":
            parts.append(f"DbDefault({value(got)})")
        elif key == "choices":
            parts.append("Choices(" + ", ".join(f"({text(a)}, {text(b)})" for a, b in got) + ")")
        elif key in ("serialize", "auto_created"):
            pass
        elif key == "db_index":
            parts.append(".db_index = true" if got else ".no_db_index = true")
        elif key in OPPOSITES:
            parts += [] if got else [f".{OPPOSITES[key]} = true"]
        else:
            raise AssertionError(f"no C for {key}={got!r} of {name}")
    return f"models_{kind}({', '.join(parts)})"


def names(values):
    return "{ " + ", ".join(text(v) for v in values) + " }"


def condition(q):
    return ",".join(f"{key}={got!r}" for key, got in q.children)


def source(expression):
    """An argument of a function: fields by their names alone."""
    return repr(expression.name) if isinstance(expression, models.F) else expression_text(expression)


def expression_text(given):
    if isinstance(given, OrderBy):
        return expression_text(given.expression) + (".desc()" if given.descending else ".asc()")
    if isinstance(given, models.F):
        return f"F({given.name!r})"
    if isinstance(given, models.Value):
        return repr(given.value)
    if isinstance(given, CombinedExpression):
        return f"{expression_text(given.lhs)} {given.connector} {expression_text(given.rhs)}"
    return f"{type(given).__name__}({', '.join(source(one) for one in given.get_source_expressions())})"


def columns(given):
    """What an index or a constraint is over, as parts of an initializer."""
    parts = [f".fields = {names(given.fields)}"] if given.fields else []
    if given.expressions:
        parts.append(f".expressions = {names(expression_text(one) for one in given.expressions)}")
    if given.condition:
        parts.append(f".condition = {text(condition(given.condition))}")
    if given.include:
        parts.append(f".include = {names(given.include)}")
    return parts


def index(given):
    return "{ " + ", ".join([f".name = {text(given.name)}", *columns(given)]) + " }"


def constraint(given):
    parts = [f".name = {text(given.name)}"]
    if isinstance(given, models.CheckConstraint):
        parts.append(f".check = {text(condition(given.condition))}")
    else:
        parts += columns(given)
        if given.deferrable:
            parts.append(f".deferrable = NU_{given.deferrable.name}")
        if given.nulls_distinct is not None:
            parts.append(f".nulls_distinct = NU_NULLS_{'' if given.nulls_distinct else 'NOT_'}DISTINCT")
    if given.violation_error_message != given.default_violation_error_message:
        parts.append(f".violation_error_message = {text(given.violation_error_message)}")
    if given.violation_error_code:
        parts.append(f".violation_error_code = {text(given.violation_error_code)}")
    return "{ " + ", ".join(parts) + " }"


def option(key, got):
    if key == "unique_together":
        return ".unique_together = { " + ", ".join(names(one) for one in sorted(got)) + " }"
    if key == "indexes":
        return ".indexes = { " + ", ".join(index(one) for one in got) + " }"
    if key == "constraints":
        return ".constraints = { " + ", ".join(constraint(one) for one in got) + " }"
    if key == "ordering":
        return f".ordering = {names(got)}"
    if key == "managed":
        return ".unmanaged = true" if not got else ""
    if key == "proxy":
        return ".proxy = true"
    if key in ("get_latest_by", "default_permissions"):
        given = [got] if isinstance(got, str) else got
        return f".{key} = {names(given)}" if given else ".no_default_permissions = true"
    if key == "select_on_save":
        return f".select_on_save = {value(got)}"
    if key == "permissions":
        return ".permissions = { " + ", ".join(names(one) for one in got) + " }"
    return f".{key} = {text(got)}"


def create(op):
    parts = [f".name = {text(op.name)}"]
    if op.fields:
        parts.append(".fields = { " + ", ".join(field(name, one) for name, one in op.fields) + " }")
    bases = [base for base in op.bases if isinstance(base, str)]
    if bases:
        parts.append(f".bases_by_name = {names(bases)}")
    parts += [option(key, got) for key, got in op.options.items() if got or key in ("managed", "default_permissions")]
    return f"CreateModel({', '.join(part for part in parts if part)})"


def one_off(op):
    return "" if op.preserve_default else ", .one_off_default = true"


WRITERS = {
    "CreateModel": create,
    "DeleteModel": lambda op: f"DeleteModel({text(op.name)})",
    "RenameModel": lambda op: f"RenameModel({text(op.old_name)}, {text(op.new_name)})",
    "AlterModelTable": lambda op: f"AlterModelTable({text(op.name)}, {text(op.table) if op.table else 'NULL'})",
    "AlterModelOptions": lambda op: "AlterModelOptions(" + ", ".join(
        [text(op.name), *(option(key, got) for key, got in op.options.items())]) + ")",
    "AlterUniqueTogether": lambda op: "AlterUniqueTogether(" + ", ".join(
        [text(op.name), *(names(one) for one in sorted(op.unique_together or ()))]) + ")",
    "AlterOrderWithRespectTo": lambda op: f"AlterOrderWithRespectTo({text(op.name)}, "
                                          f"{text(op.order_with_respect_to) if op.order_with_respect_to else 'NULL'})",
    "AddField": lambda op: f"AddField({text(op.model_name)}, {field(op.name, op.field)}{one_off(op)})",
    "AlterField": lambda op: f"AlterField({text(op.model_name)}, {field(op.name, op.field)}{one_off(op)})",
    "RemoveField": lambda op: f"RemoveField({text(op.model_name)}, {text(op.name)})",
    "RenameField": lambda op: f"RenameField({text(op.model_name)}, {text(op.old_name)}, {text(op.new_name)})",
    "AddIndex": lambda op: f"AddIndex({text(op.model_name)}, {index(op.index)})",
    "RemoveIndex": lambda op: f"RemoveIndex({text(op.model_name)}, {text(op.name)})",
    "RenameIndex": lambda op: f"RenameIndex({text(op.model_name)}, {text(op.old_name)}, {text(op.new_name)})",
    "AddConstraint": lambda op: f"AddConstraint({text(op.model_name)}, {constraint(op.constraint)})",
    "RemoveConstraint": lambda op: f"RemoveConstraint({text(op.model_name)}, {text(op.name)})",
    "AlterConstraint": lambda op: f"AlterConstraint({text(op.model_name)}, {constraint(op.constraint)})",
    "RunSQL": lambda op: f"RunSQL({text(op.sql)}" + (f", .reverse_sql = {text(op.reverse_sql)}" if op.reverse_sql else "") +
                         (", .elidable = true)" if op.elidable else ")"),
}


def operation(op):
    return WRITERS[type(op).__name__](op)
