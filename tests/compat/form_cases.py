"""Fields, widgets and validators with odd values, run by the original; one JSON case a line on stdout.

    form_cases.py clean | widgets | validators

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


def made(kind, name, kwargs):
    return getattr(forms, name)(**kwargs)


def described(name, kwargs):
    return {"class": name, **({"kwargs": {key: tag(value) for key, value in kwargs.items()}} if kwargs else {})}


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
        {"clean": clean_cases, "told": told_cases, "widgets": widget_cases, "validators": validator_cases}[sys.argv[1]]()
