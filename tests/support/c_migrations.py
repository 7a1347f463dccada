"""Django's migration operations written as the C of a Nuages migration."""
from django.db import migrations, models
from django.db.models import NOT_PROVIDED

FLAGS = ("null", "blank", "unique", "db_index", "primary_key", "auto_now", "auto_now_add", "parent_link")
NUMBERS = ("max_length", "max_digits", "decimal_places")
TEXTS = ("db_column", "related_name", "related_query_name", "db_table", "to_field", "upload_to", "help_text", "verbose_name",
         "db_comment")
USERS = "settings.auth_user_model"


def text(value):
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def value(default):
    if isinstance(default, bool):
        return "true" if default else "false"
    return str(default) if isinstance(default, (int, float)) else text(default)


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
            parts.append(f"Default({value(got)})" if got is not NOT_PROVIDED and not callable(got)
                         else ".default_call = nu_default_uuid4")
        elif key == "db_default":
            parts.append(f"DbDefault({value(got)})")
        elif key == "choices":
            parts.append("Choices(" + ", ".join(f"({text(a)}, {text(b)})" for a, b in got) + ")")
        elif key in ("serialize", "auto_created"):
            pass
        elif key == "editable":
            parts += [] if got else [".read_only = true"]
        else:
            raise AssertionError(f"no C for {key}={got!r} of {name}")
    return f"models_{kind}({', '.join(parts)})"


def names(values):
    return "{ " + ", ".join(text(v) for v in values) + " }"


def condition(q):
    return ",".join(f"{key}={got}" for key, got in q.children)


def index(given):
    return f"{{ .name = {text(given.name)}, .fields = {names(given.fields)} }}"


def constraint(given):
    parts = [f".name = {text(given.name)}"]
    if isinstance(given, models.CheckConstraint):
        parts.append(f".check = {text(condition(given.condition))}")
    else:
        parts.append(f".fields = {names(given.fields)}")
    if given.violation_error_message != given.default_violation_error_message:
        parts.append(f".violation_error_message = {text(given.violation_error_message)}")
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
    parts += [option(key, got) for key, got in op.options.items() if got or key == "managed"]
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
