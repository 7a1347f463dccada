"""Fields, widgets and validators with odd values, run by the original; one JSON case a line on stdout.

    form_cases.py clean | widgets | validators | postgres | formfields

Every field of a table of them cleans every value, every widget renders and reads every value; the form
is that of the recordings, which tests/conformance/run reads.
"""
import datetime
import decimal
import itertools
import sys

import template_cases
from template_cases import emit, tag

from django import forms
from django.contrib.postgres import forms as postgres
from django.contrib.postgres.forms.array import SplitArrayWidget
from django.contrib.postgres.forms.ranges import HiddenRangeWidget
from django.core import validators
from django.core.exceptions import ValidationError
from django.utils.translation import override

TEXTS = ["", " ", "a", "0", "1", "-1", "+7", "1.5", "1,5", " 12 ", "1e3", "1_000", "٣", "１２", "0x10", "nan", "Infinity", "-0", "9" * 9,
         "2024-02-29", "2023-02-29", "29.02.2024", "02/29/2024", "02/29/24", "Feb 29 2024", "29 February, 2024", "12:30", "12:30:45.5", "24:00", "2024-02-29 12:30",
         "2024-02-29T12:30:45Z", "2024-02-29 12:30:45.123456", "3 days, 04:05:06", "P3DT4H", "-1 00:00:01", "15:30.5", "a@b.co", "a@localhost", "\"q\"@b.co", "a@[127.0.0.1]", "a b@c.de", "é@é.de",
         "a" * 70 + "@b.co", "http://a.b", "a.b/c?d=e", "ftp://a.b/", "https://exämple.de/ü", "http://[::1]:80/", "http://a b", "//x.y", "javascript:alert(1)", "http://-a.de", "http://1.2.3.4.5",
         "127.0.0.1", "1.2.3", "01.2.3.4", "::1", "2001:db8::ff00:42:8329", "::ffff:10.1.2.3", "1::2::3", "slug-ok_1", "slug é", "true", "False", "on", "None", "null", "[1, 2]", "{\"a\": [1.5, null]}", "{", "\"x\"",
         "550e8400-e29b-41d4-a716-446655440000", "{550E8400E29B41D4A716446655440000}", "550e8400", "a\x00b", "<b>&\"'", "日本語", "b", "c", "other"]
CHOICES = [["a", "A"], ["b", "B <&>"], ["Group", [["1", "one"], ["2", "two"]]]]
FIELDS = [
    ("BooleanField", {}), ("BooleanField", {"required": False}), ("NullBooleanField", {}),
    *(("CharField", kwargs) for kwargs in ({}, {"required": False, "empty_value": None}, {"max_length": 3}, {"min_length": 3}, {"min_length": 1, "max_length": 1}, {"strip": False})),
    *(("IntegerField", kwargs) for kwargs in ({}, {"required": False}, {"min_value": 1, "max_value": 10}, {"step_size": 3}, {"step_size": 3, "min_value": 1}, {"localize": True})),
    *(("FloatField", kwargs) for kwargs in ({}, {"min_value": 0.5, "max_value": 2}, {"step_size": 0.1}, {"step_size": 0.5, "min_value": 0.25}, {"localize": True})),
    *(("DecimalField", kwargs) for kwargs in ({}, {"max_digits": 3}, {"decimal_places": 1}, {"max_digits": 4, "decimal_places": 2}, {"max_digits": 1, "decimal_places": 1},
                                              {"min_value": 1, "max_value": 10}, {"step_size": 3}, {"localize": True})),
    ("DateField", {}), ("DateField", {"required": False}), ("DateField", {"input_formats": ["%d %B, %Y", "%y%m%d"]}), ("TimeField", {}), ("TimeField", {"input_formats": ["%I:%M %p"]}),
    ("DateTimeField", {}), ("DateTimeField", {"required": False}), ("DurationField", {}), ("EmailField", {}), ("EmailField", {"max_length": 5}), ("URLField", {"assume_scheme": "https"}),
    ("URLField", {"assume_scheme": "http", "max_length": 15}), ("SlugField", {}), ("SlugField", {"allow_unicode": True}), ("UUIDField", {}), ("JSONField", {}), ("JSONField", {"required": False}),
    *(("GenericIPAddressField", kwargs) for kwargs in ({}, {"protocol": "IPv4"}, {"protocol": "IPv6"}, {"unpack_ipv4": True})),
    ("RegexField", {"regex": r"^[a-z]+$"}), ("RegexField", {"regex": r"\d{2}", "max_length": 4}), ("ChoiceField", {"choices": CHOICES}), ("ChoiceField", {"choices": CHOICES, "required": False}),
]
MULTIPLE = [("MultipleChoiceField", {"choices": CHOICES}), ("MultipleChoiceField", {"choices": CHOICES, "required": False}), ("SplitDateTimeField", {}), ("SplitDateTimeField", {"required": False})]
LISTS = [None, "", "a", [], [""], ["a"], ["a", "1"], ["x"], ["a", "a"], ["2024-02-29", "12:30"], ["2024-02-29", ""], ["", "12:30"], ["bad", "12:30"], ["2024-02-29", "bad"], ["", ""], ["2024-02-29"]]
LANGUAGES = ["en-us", "de", "fr", "es", "pt-br", "ru", "pl", "ar", "zh-hans", "ja", "hi"]

ATTRS = [None, {}, {"id": "an-id"}, {"class": "a b", "data-x": "<'\">&", "required": True, "disabled": False, "title": None, "maxlength": 5}]
WIDGETS = [*((name, {}) for name in ("TextInput", "NumberInput", "EmailInput", "URLInput", "PasswordInput", "HiddenInput", "Textarea", "CheckboxInput", "FileInput", "SearchInput", "TelInput",
                                     "ColorInput", "DateInput", "TimeInput", "DateTimeInput", "MultipleHiddenInput", "NullBooleanSelect", "SplitDateTimeWidget", "SplitHiddenDateTimeWidget")),
           ("PasswordInput", {"render_value": True}), ("DateInput", {"format": "%d/%m/%Y"}), ("TextInput", {"attrs": {"class": "own", "type": "email"}}), ("Textarea", {"attrs": {"rows": 3}}),
           *((name, {"choices": CHOICES}) for name in ("Select", "SelectMultiple", "RadioSelect", "CheckboxSelectMultiple")), ("Select", {"choices": []}),
           ("SelectDateWidget", {"years": [2023, 2024]}), ("SelectDateWidget", {"years": [2024], "empty_label": ["y", "m", "d"]})]
WIDGET_VALUES = [None, "", "a", "1", 1, 0, True, False, 1.5, 1234567.25, decimal.Decimal("1.50"), "<b>&\"'", "b", "True", "unknown", "true", "2", "3", datetime.date(2024, 2, 29), datetime.time(12, 30, 5),
                 "2024-02-29", "2024-13-01", [], ["a"], ["a", "1"], ["", "x"], (1, 2)]
DATA = ["", "f=", "f=a", "f=a&f=b", "f=on", "f=false", "f=True", "f=1", "f=2", "f=unknown", "f_0=2024-02-29&f_1=12%3A30", "f_0=&f_1=", "f_0=x", "f_year=2024&f_month=2&f_day=29", "f_year=2023&f_month=2&f_day=29",
        "f_year=&f_month=&f_day=", "f_year=2024&f_month=&f_day=1", "f_year=x&f_month=1&f_day=1", "g=1", "f-clear=on"]


ALL = {**vars(forms), **vars(postgres), "SplitArrayWidget": SplitArrayWidget, "HiddenRangeWidget": HiddenRangeWidget}


class Of(tuple):
    """A field or widget that another is made of: its class, its options."""


def made(kind, name, kwargs):
    return ALL[name](**{key: made(kind, *value) if isinstance(value, Of) else value for key, value in kwargs.items()})


def part(value):
    return {"__of__": described(*value)} if isinstance(value, Of) else tag(value)


def described(name, kwargs):
    return {"class": name, **({"kwargs": {key: part(value) for key, value in kwargs.items()}} if kwargs else {})}


def messages(error):
    """Each error with its code, as the recordings have them."""
    return [{"code": one.code, "message": "".join(one.messages)} for one in error.error_list]


def clean_case(name, kwargs, value, language):
    case = {"group": f"forms/clean/{name}", "op": "clean", "field": described(name, kwargs), "value": tag(value), "env": {"language": language, "use_tz": False}}
    try:
        cleaned = made("field", name, kwargs).clean(value)
        case |= {"valid": True, "cleaned": tag(str(cleaned) if type(cleaned).__name__ == "JSONString" else cleaned)}
    except ValidationError as error:
        case |= {"valid": False, "errors": messages(error)}
    except ValueError:  # the remainder of infinity, which a step asks for
        return
    emit(case)


def clean_cases():
    for (name, kwargs), value in itertools.product(FIELDS, [None, *TEXTS]):
        if value is not None or name != "BooleanField":
            clean_case(name, kwargs, value, "en-us")
    for (name, kwargs), value in itertools.product(MULTIPLE, LISTS):
        clean_case(name, kwargs, value, "en-us")


def told_cases():
    """What is wrong, in each language; numbers and dates have their own forms there, and are left out."""
    local = ("IntegerField", "FloatField", "DecimalField", "DateField", "TimeField", "DateTimeField")
    for language in LANGUAGES[1:]:
        with override(language):
            for (name, kwargs), value in itertools.product(FIELDS, TEXTS):
                if kwargs.get("localize") or name in local and any(c.isdigit() for c in value):
                    continue
                try:
                    made("field", name, kwargs).clean(value)
                except ValueError:
                    continue
                except ValidationError:
                    clean_case(name, kwargs, value, language)


def widget_cases():
    env = {"language": "en-us", "use_tz": False}
    for (name, kwargs), value, attrs in itertools.product(WIDGETS, WIDGET_VALUES, ATTRS):
        widget = made("widget", name, kwargs)
        case = {"group": f"forms/widget/{name}", "op": "widget", "widget": described(name, kwargs), "name": "f", "value": tag(value), "attrs": attrs, "env": env}
        try:
            case["html"] = str(widget.render("f", value, attrs=attrs))
        except Exception:  # what the widget is not made for
            continue
        emit(case)
    from django.http import QueryDict
    for (name, kwargs), data in itertools.product(WIDGETS, DATA):
        widget, query = made("widget", name, kwargs), QueryDict(data)
        emit({"group": f"forms/value_from_data/{name}", "op": "value_from_data", "widget": described(name, kwargs), "name": "f", "data": data,
              "output": tag(widget.value_from_datadict(query, {}, "f")), "omitted": widget.value_omitted_from_data(query, {}, "f"), "env": env})


# ---- PostgreSQL's types ----------------------------------------------------------------------------

ITEMS = [Of(("CharField", {})), Of(("CharField", {"required": False, "max_length": 3})), Of(("IntegerField", {})), Of(("IntegerField", {"required": False, "min_value": 1})), Of(("DecimalField", {"max_digits": 3, "decimal_places": 1})),
         Of(("DateField", {})), Of(("DateTimeField", {"required": False})), Of(("BooleanField", {"required": False})), Of(("UUIDField", {})), Of(("EmailField", {})), Of(("ChoiceField", {"choices": CHOICES})), Of(("JSONField", {})),
         Of(("SimpleArrayField", {"base_field": Of(("IntegerField", {})), "delimiter": "|", "max_length": 2}))]
ARRAYS = [("SimpleArrayField", {"base_field": item, **more}) for item in ITEMS for more in ({}, {"required": False}, {"delimiter": "::"}, {"min_length": 2}, {"max_length": 1}, {"min_length": 2, "max_length": 3, "required": False},
                                                                                           {"error_messages": {"item_invalid": "No %(nth)s:", "required": "Go on"}})]
SPLITS = [("SplitArrayField", {"base_field": item, "size": 3, **more}) for item in ITEMS[:-1] for more in ({}, {"required": False}, {"remove_trailing_nulls": True}, {"remove_trailing_nulls": True, "required": False})]
STORES = [("HStoreField", {}), ("HStoreField", {"required": False})]
RANGES = [(name, more) for name in ("IntegerRangeField", "DecimalRangeField", "DateRangeField", "DateTimeRangeField") for more in ({}, {"required": True})]
ARRAY_TEXTS = [None, "", " ", "a", "a,b", "1", "1,2", "1,x,y", "1,,2", ",", "x", "1::2", "1::x::", "1|2,3", "1|2|3,x", "a@b.co,b", "2024-02-29", "2024-02-29,2023-02-29", "2024-02-29 12:30,", "12.5,1.25", "12345,1", "abcd,ef",
               "550e8400-e29b-41d4-a716-446655440000", "other,b,c", "True,no", "0", [], ["1", "2"], ["", "x"], [1, 2], "[1],{", "a\x00b", "日,本"]
SPLIT_LISTS = [["", "", ""], [None, None, None], ["1", "", ""], ["", "1", ""], ["1", "2", "3"], ["x", "1", "y"], ["a", "b", "c"], ["2024-02-29", "", "bad"], ["", "", "x"], ["1", "2", "3", "4"], ["1.25", "123", "9"], ["other", "a", "1"], ["abcd", "", "\x00"]]
STORED = [None, "", "{}", '{"a": "b"}', '{"a": 1, "b": null, "c": true, "d": 1.5}', '{"a": [1, "x"], "b": {"c": null}}', "[1]", "1", '"x"', "null", "{", "a", " ", '{"a": "b", "a": "c"}', '{"é": "日本"}', {"a": 1}, {"b": None}, '{"a": 1e3, "b": 1E400, "c": NaN}']
PAIRS = [None, "", "x", [], ["", ""], ["1", ""], ["", "1"], ["1", "2"], ["2", "1"], ["x", "y"], ["x", "1"], [" 1 ", "1"], ["1.5", "2.5"], ["1.5", "1e2"], ["2024-02-29", "2024-03-01"], ["2024-03-01", "2024-02-29"], ["2023-02-29", ""], ["2024-02-29 12:30", "2024-02-29 12:31:05"],
         ["2024-02-29", "bad"], ["1"], ["1", "2", "3"], ["02/29/2024", "03/01/2024"], ["9" * 20, "9" * 21]]
POSTGRES_WIDGETS = [("RangeWidget", {"base_widget": Of(("NumberInput", {}))}), ("RangeWidget", {"base_widget": Of(("DateInput", {"format": "%d/%m/%Y"}))}), ("HiddenRangeWidget", {}),
                    *(("SplitArrayWidget", {"widget": Of((name, {})), "size": size}) for name in ("TextInput", "NumberInput", "DateInput", "CheckboxInput", "Textarea") for size in (1, 3))]
LISTED = [None, [], ["a"], ["a", None, "<b>&\""], [1, 2], [1, 2, 3, 4, 5], [True, False], ["2024-02-29", ""], [datetime.date(2024, 2, 29), None]]


def postgres_cases():
    for fields, values in ((ARRAYS, ARRAY_TEXTS), (SPLITS, SPLIT_LISTS), (STORES, STORED), (RANGES, PAIRS)):
        for (name, kwargs), value in itertools.product(fields, values):
            field = {"group": f"postgres/{name}", "op": "clean", "field": described(name, kwargs), "value": tag(value), "env": {"language": "en-us", "use_tz": False}}
            try:
                case = field | {"valid": True, "cleaned": ranged(made("field", name, kwargs).clean(value))}
            except ValidationError as error:
                case = field | {"valid": False, "errors": [one | {"code": one["code"] or lost_code(one["message"])} for one in messages(error)]}
            except (AttributeError, TypeError):  # numbers where the base field takes texts
                continue
            emit(case)
            for initial in (None, [], {}, ["1", "2"], [1, 2], ["a"], {"a": "b"}, {"a": 1}):
                if name.endswith("RangeField") and (isinstance(initial, dict) or initial == ["a"] or not isinstance(value, list)):
                    continue  # no value of such a field
                if name == "HStoreField" and isinstance(initial, list):
                    continue
                try:
                    changed = made("field", name, kwargs).has_changed(initial, value)
                except (AttributeError, TypeError):
                    continue
                emit({"group": f"postgres/{name}", "op": "has_changed", "field": described(name, kwargs), "initial": tag(initial), "data": tag(value), "env": field["env"], "output": changed})
    env = {"language": "en-us", "use_tz": False}
    for (name, kwargs), value, attrs in itertools.product(POSTGRES_WIDGETS, LISTED, ATTRS):
        if value is None or name == "SplitArrayWidget" or len(value) == 2:
            emit({"group": f"postgres/{name}", "op": "widget", "widget": described(name, kwargs), "name": "f", "value": tag(value), "attrs": attrs, "env": env,
                  "html": str(made("widget", name, kwargs).render("f", value, attrs=attrs))})
    from django.http import QueryDict
    for (name, kwargs), data in itertools.product(POSTGRES_WIDGETS, ["", "f=1", "f_0=1", "f_1=1", "f_0=a&f_1=b&f_2=c&f_3=d", "f_0=&f_1=", "f_2=x", "f_0=1&f_0=2"]):
        widget, query = made("widget", name, kwargs), QueryDict(data)
        emit({"group": f"postgres/{name}", "op": "value_from_data", "widget": described(name, kwargs), "name": "f", "data": data,
              "output": tag(widget.value_from_datadict(query, {}, "f")), "omitted": widget.value_omitted_from_data(query, {}, "f"), "env": env})
    for name, kwargs in (*ARRAYS, *SPLITS, *STORES, *RANGES):
        widget = made("field", name, kwargs).widget
        emit({"group": f"postgres/{name}", "op": "field_widget", "field": described(name, kwargs), "env": env, "widget": type(widget).__name__, "input_type": getattr(widget, "input_type", None), "html": str(widget.render("n", None))})


def model_fields():
    """The same fields stand in tests/conformance/forms_postgres.c: (field, options of its form field)."""
    from django.contrib.postgres import fields
    from django.db import models

    named = {
        "words": (fields.ArrayField(models.CharField(max_length=5), size=3), {}),
        "numbers": (fields.ArrayField(models.IntegerField(), blank=True), {}),
        "maybe": (fields.ArrayField(models.IntegerField(null=True, blank=True)), {}),
        "grid": (fields.ArrayField(fields.ArrayField(models.IntegerField())), {}),
        "prices": (fields.ArrayField(models.DecimalField(max_digits=4, decimal_places=2)), {}),
        "days": (fields.ArrayField(models.DateField(), size=2), {"split": 2}),
        "few": (fields.ArrayField(models.IntegerField(), size=3, blank=True), {"split": 3, "remove_trailing_nulls": True}),
        "lines": (fields.ArrayField(models.CharField(max_length=5)), {"delimiter": "; "}),
        "data": (fields.HStoreField(), {}),
        "notes": (fields.HStoreField(blank=True, help_text="JSON"), {}),
        "ints": (fields.IntegerRangeField(), {}),
        "bigs": (fields.BigIntegerRangeField(blank=True), {}),
        "decimals": (fields.DecimalRangeField(default_bounds="[]"), {}),
        "dates": (fields.DateRangeField(verbose_name="open days"), {}),
        "times": (fields.DateTimeRangeField(default_bounds="(]"), {}),
    }
    for name, (field, options) in named.items():
        field.set_attributes_from_name(name)
        yield name, field, options


def form_field(field, options):
    if "split" not in options:
        return field.formfield(**options)
    more = {key: value for key, value in options.items() if key != "split"}
    return postgres.SplitArrayField(field.base_field.formfield(), size=options["split"], required=not field.blank, label=field.formfield().label, **more)


def formfield_cases():
    texts = [*ARRAY_TEXTS, *(value for value in STORED if not isinstance(value, dict)), *PAIRS, *SPLIT_LISTS, "a; b", "a; toolong"]
    for (name, field, options), value in itertools.product(model_fields(), texts):
        made = form_field(field, options)
        listed = isinstance(made, postgres.SplitArrayField)
        if isinstance(value, list) != (listed or name in ("ints", "bigs", "decimals", "dates", "times")) or listed and len(value) < made.size:
            continue
        case = {"group": "postgres/formfield", "op": "formfield", "field": name, "value": tag(value), "env": {"language": "en-us", "use_tz": False}, "class": type(made).__name__,
                "label": str(made.label), "required": made.required, "html": made.widget.render("n", made.prepare_value(None)), "cleaned": None, "shown": None, "errors": []}
        try:
            cleaned = made.clean(value)
            case |= {"valid": True, "cleaned": ranged(cleaned), "shown": made.widget.render("n", made.prepare_value(cleaned))}
        except ValidationError as error:
            case |= {"valid": False, "errors": [one | {"code": one["code"] or lost_code(one["message"])} for one in messages(error)]}
        except (AttributeError, TypeError):  # numbers where the base field takes texts
            continue
        emit(case)


def lost_code(message):
    """SplitArrayField makes texts of its errors, whose codes are lost then; here they have them."""
    return "required" if message == "This field is required." else "item_invalid"


def ranged(value):
    """A range as the list of its ends and bounds."""
    return tag([value.lower, value.upper, value._bounds] if hasattr(value, "lower_inc") else value)


VALIDATORS = {"validate_integer": validators.validate_integer, "validate_email": validators.validate_email, "validate_slug": validators.validate_slug,
              "validate_unicode_slug": validators.validate_unicode_slug, "validate_ipv4_address": validators.validate_ipv4_address, "validate_ipv6_address": validators.validate_ipv6_address,
              "validate_ipv46_address": validators.validate_ipv46_address, "validate_comma_separated_integer_list": validators.validate_comma_separated_integer_list}


def validator_cases():
    for (name, function), value in itertools.product(VALIDATORS.items(), TEXTS):
        case = {"group": f"validators/{name}", "validator": name, "value": tag(value)}
        try:
            function(value)
            case["valid"] = True
        except ValidationError as error:
            case |= {"valid": False, "errors": messages(error)}
        emit(case)


if __name__ == "__main__":
    with override("en-us"):
        {"clean": clean_cases, "told": told_cases, "widgets": widget_cases, "postgres": postgres_cases, "formfields": formfield_cases, "validators": validator_cases}[sys.argv[1]]()
