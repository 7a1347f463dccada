"""Run by the originals' Python in the twin's folder: expressions from stdin, one JSON row a line
with `id`, `area` and `expression`; rows like those of ../shared/oracle/orm to stdout.

    SCHOOL_DB_NAME is the seeded database; it is left as it is: each expression that writes runs
    on a copy. On a server SCHOOL_DB_ENGINE, SCHOOL_DB_HOST and the like say where it is; on MariaDB
    SCHOOL_DB_FRESH is the command that makes the database "django" a fresh copy.
"""
import ast
import datetime
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings")
sys.path.insert(0, os.getcwd())
SEED = os.environ["SCHOOL_DB_NAME"]
ENGINE = os.environ.get("SCHOOL_DB_ENGINE", "sqlite3")
FOLDER = tempfile.mkdtemp()
COPY = os.path.join(FOLDER, "reads.sqlite3") if ENGINE == "sqlite3" else "django"
os.environ["SCHOOL_DB_NAME"] = COPY

import django

django.setup()
import django.db.models as models
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core import exceptions
from django.db import IntegrityError, connection, transaction, utils
from django.db.models import functions, lookups, signals
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KT

registry = importlib.import_module(os.environ.get("ORM_MODELS", "registry.models"))  # in the current folder

models.CharField.register_lookup(functions.Length)
models.CharField.register_lookup(functions.Lower)
MOST, FIRST, LAST = 60, 20, 3
OWN = {}  # what only one database has
if ENGINE == "postgresql":
    from django.contrib.postgres import (aggregates, expressions, fields, functions as own_functions,
                                         lookups as own_lookups, search)
    from django.contrib.postgres.fields.hstore import KeyTransform
    from django.db.backends.postgresql.psycopg_any import Range, NumericRange, DateRange, DateTimeTZRange

    OWN = dict(KeyTransform=KeyTransform, NumericRange=NumericRange, DateRange=DateRange,
               DateTimeTZRange=DateTimeTZRange)
    for module in (aggregates, expressions, fields, own_functions, search):
        OWN |= {name: found for name, found in vars(module).items() if name[0].isupper()}
    for name in ("Unaccent", "SearchLookup", "TrigramSimilar", "TrigramWordSimilar", "TrigramStrictWordSimilar"):
        for field in (models.CharField, models.TextField):
            field.register_lookup(getattr(own_lookups, name))


def on_postgresql(*statements):
    import psycopg

    where = {name: os.environ.get(f"SCHOOL_DB_{name.upper()}") for name in ("host", "port", "user", "password")}
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as server:
        for statement in statements:
            server.execute(statement)


def fresh_copy():
    connection.close()
    if ENGINE == "postgresql":
        on_postgresql(f'DROP DATABASE IF EXISTS "{COPY}" WITH (FORCE)', f'CREATE DATABASE "{COPY}" TEMPLATE "{SEED}"')
    elif ENGINE == "mysql":
        subprocess.run(os.environ["SCHOOL_DB_FRESH"], shell=True, check=True)
    else:
        shutil.copyfile(SEED, COPY)


def names():
    found = {name: getattr(models, name) for name in models.__all__}
    found |= {name: getattr(functions, name) for name in functions.__all__}
    found |= {model.__name__: model for model in registry.__dict__.values()
              if isinstance(model, type) and issubclass(model, models.Model)}
    found |= {name: getattr(exceptions, name) for name in
              ("FieldDoesNotExist", "FieldError", "MultipleObjectsReturned", "ValidationError", "ObjectDoesNotExist")}
    found |= {name: getattr(utils, name) for name in ("DatabaseError", "NotSupportedError", "OperationalError")}
    return OWN | found | dict(
        User=User, Group=Group, Permission=Permission, ContentType=ContentType, KT=KT, RawSQL=RawSQL,
        GreaterThan=lookups.GreaterThan, transaction=transaction, connection=connection,
        IntegrityError=IntegrityError, date=datetime.date, datetime=datetime.datetime, time=datetime.time,
        timedelta=datetime.timedelta, UTC=datetime.timezone.utc, ZoneInfo=ZoneInfo, Decimal=Decimal, UUID=uuid.UUID)


def text_of(instance):
    return None if instance.get_deferred_fields() else str(instance)


ENCODERS = [
    ((type(None), bool, int, str, float), lambda v: v),
    (Decimal, lambda v: {"$decimal": str(v)}),
    (datetime.datetime, lambda v: {"$datetime": v.isoformat()}),
    (datetime.date, lambda v: {"$date": v.isoformat()}),
    (datetime.time, lambda v: {"$time": v.isoformat()}),
    (datetime.timedelta, lambda v: {"$seconds": v.total_seconds()}),
    (uuid.UUID, lambda v: {"$uuid": str(v)}),
    ((bytes, memoryview), lambda v: {"$bytes": bytes(v).hex()}),
    ((set, frozenset), lambda v: {"$set": sorted((encode(x) for x in v), key=json.dumps)}),
    (models.Model, lambda v: {"$model": v._meta.label, "pk": encode(v.pk), "str": text_of(v)}),
    (dict, lambda v: {str(key): encode(item) for key, item in v.items()}),
    ((list, tuple, models.QuerySet, models.query.RawQuerySet), lambda v: listed([encode(x) for x in v])),
]
if ENGINE == "postgresql":
    ENCODERS.insert(0, (Range, lambda v: {"$range": [encode(v.lower), encode(v.upper), v.bounds]}))


def listed(items):
    return items if len(items) <= MOST else {"$count": len(items), "first": items[:FIRST], "last": items[-LAST:]}


def encode(value):
    for kinds, encoder in ENCODERS:
        if isinstance(value, kinds):
            return encoder(value)
    return {"$repr": repr(value)}


def evaluate(text):
    """The value of the last expression, or else what `result` holds."""
    tree = ast.parse(text)
    scope, last = names(), None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "expression", "exec"), scope)
    return eval(compile(last, "expression", "eval"), scope) if last else scope.get("result")


def detail(error):
    if isinstance(error, exceptions.ValidationError):
        return error.message_dict if hasattr(error, "error_dict") else error.messages
    return str(error)


def described(queryset):
    """Compile the query before it is read, as the recordings did: it leaves its marks on unions."""
    try:
        str(queryset.query)
    except exceptions.EmptyResultSet:
        pass


def run(row):
    row["queries"] = statements = []

    def watch(execute, sql, params, many, context):
        statements.append({"sql": sql, "params": [encode(p) for p in params or ()] if not many else []})
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        try:
            value = evaluate(row["expression"])
            if isinstance(value, models.QuerySet):
                row["ordered"] = value.ordered
                described(value)
            row["result"] = encode(value)
        except Exception as error:
            kind = type(error)
            row["error"] = {"type": f"{kind.__module__}.{kind.__qualname__}", "detail": detail(error)}
    row["n_queries"] = len(statements)
    return row


def receivers():
    """What listens to the signals of models, of each its list."""
    return [(signal, list(signal.receivers)) for signal in vars(signals).values()
            if isinstance(signal, signals.ModelSignal)]


def forget_receivers(before):
    """Of the expression that ran: they would hear of those behind it."""
    for signal, listening in before:
        signal.receivers = list(listening)
        signal.sender_receivers_cache.clear()


def main():
    fresh, listening = False, receivers()
    for line in sys.stdin:
        row = json.loads(line)
        if not fresh:
            fresh_copy()
        fresh = not row["area"].startswith("write")
        print(json.dumps(run(row)), flush=True)
        forget_receivers(listening)
        connection.force_debug_cursor = False
        connection.queries_log.clear()
        ContentType.objects.clear_cache()
        while connection.in_atomic_block:
            connection.close()
    connection.close()
    shutil.rmtree(FOLDER)


main()
