#!/usr/bin/env python3
"""Record how Django writes dates, numbers, spans of time and sizes in each language.

    python3 tests/data/i18n/record.py > tests/data/i18n/locales.txt

A line: language, kind, argument, text. Kinds: `date` (a format of Django's over a moment), `format` (a
setting of the language), `number` (an amount with grouping), `since` (seconds as timesince), `size` (bytes).
"""
import datetime

import django
from django.conf import settings

settings.configure(USE_I18N=True, USE_TZ=True, TIME_ZONE="UTC", USE_THOUSAND_SEPARATOR=True,
                   INSTALLED_APPS=["django.contrib.humanize"])
django.setup()

from django.template.defaultfilters import filesizeformat  # noqa: E402
from django.utils import dateformat, formats, timesince, translation  # noqa: E402

LANGUAGES = ["en", "en-gb", "de", "de-at", "fr", "es", "pt-br", "ru", "pl", "ar", "zh-hans", "ja", "hi"]
FORMATS = ["DATE_FORMAT", "TIME_FORMAT", "DATETIME_FORMAT", "YEAR_MONTH_FORMAT", "MONTH_DAY_FORMAT",
           "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT", "DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR"]
INPUTS = ["DATE_INPUT_FORMATS", "TIME_INPUT_FORMATS", "DATETIME_INPUT_FORMATS"]


def cell(text):
    return str(text).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def row(*cells):
    print("\t".join(map(cell, cells)))


def main():
    print("# Recorded by record.py from Django", django.__version__)
    for language in LANGUAGES:
        with translation.override(language):
            for name in FORMATS:
                row(language, "format", name, formats.get_format(name))
            for name in INPUTS:
                row(language, "inputs", name, "|".join(formats.get_format(name)))
            for month in range(1, 13):
                moment = datetime.datetime(2024, month, month + 3, month * 2 - 1, 5 * (month % 3), 7,
                                           tzinfo=datetime.timezone.utc)
                row(language, "date", moment.isoformat(),
                    dateformat.format(moment, "N|E|F|b|M|D|l|a|A|P"))
            for hour in (0, 12):
                moment = datetime.datetime(2024, 1, 1, hour, tzinfo=datetime.timezone.utc)
                row(language, "date", moment.isoformat(), dateformat.format(moment, "N|E|F|b|M|D|l|a|A|P"))
            for number in ("0", "1234567.891", "-1234.5"):
                row(language, "number", number, formats.number_format(number))
            start = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
            for seconds in (0, 60, 120, 300, 3600 * 5 + 61, 86400, 86400 * 2, 86400 * 12, 86400 * 100, 86400 * 800,
                            86400 * 365 * 7, 86400 * 365 * 22):
                row(language, "since", seconds,
                    timesince.timesince(start, start + datetime.timedelta(seconds=seconds)))
            for size in (0, 1, 2, 5, 1023, 1024, 1536 * 1024, -3 * 1024**3, 5 * 1024**5):
                row(language, "size", size, filesizeformat(size))


main()
