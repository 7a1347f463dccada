#!/usr/bin/env python3
"""Write the tables of this folder: what Python's datetime and zoneinfo give.

    tests/data/time/generate.py calendar > tests/data/time/calendar.txt
    tests/data/time/generate.py zones > tests/data/time/zones.txt
    tests/data/time/generate.py iso > tests/data/time/iso.txt

Zones are asked for instants up to 2025 and for rules that have stood for long, so that the table
holds whatever release of the time zone data a machine has.
"""
import datetime as D
import random
import sys
import zoneinfo

random.seed(3)
START = D.datetime(1, 1, 1)
ZONES = """UTC Europe/Berlin Europe/Dublin Europe/Lisbon Europe/Moscow America/New_York America/Sao_Paulo
America/St_Johns America/Caracas Asia/Kolkata Asia/Kathmandu Asia/Tokyo Asia/Pyongyang Australia/Lord_Howe
Australia/Sydney Africa/Lagos Africa/Monrovia Pacific/Apia Pacific/Chatham Pacific/Kiritimati Etc/GMT+5
Antarctica/Troll""".split()
CHANGES = [("Europe/Berlin", 2024, 3, 31), ("Europe/Berlin", 2024, 10, 27), ("America/New_York", 2024, 3, 10),
           ("America/New_York", 2024, 11, 3), ("Australia/Lord_Howe", 2024, 4, 7), ("Europe/Dublin", 2024, 10, 27),
           ("Pacific/Apia", 2011, 12, 30), ("Europe/Berlin", 2400, 3, 26), ("Europe/Berlin", 2400, 10, 29),
           ("Europe/London", 1971, 10, 31)]
ISO = """2012-04-23 20120423 2012-W17-1 2012W171 2012-W17 2012W17 2012-04-23T 2012-04-23T10 2012-04-23T10:20
2012-04-23_1020 2012-04-23T102030 2012-04-23T10:20:30.1 2012-04-23T10:20:30,123456789 2012-04-23T10:20:30Z
2012-04-23T10:20:30+02 2012-04-23T10:20:30+0230 2012-04-23T10:20:30-02:30:15 2012-04-23T10:20:30+02:30:15.5
2012-04-23T10:2030 2012-04-23T1020:30 2012-04-23T25:00 2012-13-01 2012-02-30 2012-04-23é10:20 2012-W54-1 2020-W53-7
2021-W53-1 2012-04-23T10:20:30+24:00 2012-04-23T10:20:30z 2012-04-23T10:20: 2012-04-23T10: 2012-04-23T10:20:30.
2012-4-3 0000-01-01 9999-12-31T23:59:59.999999 0001-01-01 2012-04-23T10:20:30-00:00 2012-W17-1T10:20 2012W171T10
20120423T10:20 2012-04-2 2012 2012-0423 abc 2012-04-23T10:20:30+ 2012-04-23T10:20Zx 2012-04-23T24:00 99999-01-01
2000-02-29 1900-02-29 2012-04-23T10:60 2012-04-23T10:20:60""".split()


def microseconds(moment):
    delta = moment.replace(tzinfo=None) - START
    return ((delta.days + 1) * 86400 + delta.seconds) * 10**6 + delta.microseconds


def seconds(delta):
    return delta.days * 86400 + delta.seconds


def calendar():
    days = set(range(1, 40)) | set(range(3652020, 3652060)) | {random.randint(1, 3652059) for _ in range(300)}
    for year in (4, 100, 400, 1582, 1900, 2000, 2020, 2021, 2024, 9999):
        days |= {D.date(year, *day).toordinal() for day in ((1, 1), (2, 28), (3, 1), (12, 31))}
    for day in sorted(days):
        date = D.date.fromordinal(day)
        print(day, date, date.weekday(), date.timetuple().tm_yday, *date.isocalendar()[:2], sep="\t")


def zones():
    for name in ZONES:
        zone = zoneinfo.ZoneInfo(name)
        for _ in range(12):
            moment = D.datetime(random.choice([random.randint(1850, 1970), random.randint(1970, 2025)]),
                                random.randint(1, 12), random.randint(1, 28), random.randint(0, 23),
                                random.randint(0, 59), 30, tzinfo=D.timezone.utc)
            local = moment.astimezone(zone)
            print("at", name, microseconds(moment), local.isoformat(), local.tzname(), int(bool(local.dst())), sep="\t")
    for name, *day in CHANGES:
        for minutes in range(0, 240, 15):
            wall = D.datetime(*day) + D.timedelta(minutes=minutes)
            offsets = [seconds(wall.replace(tzinfo=zoneinfo.ZoneInfo(name), fold=fold).utcoffset()) for fold in (0, 1)]
            print("wall", name, microseconds(wall), *offsets, sep="\t")


def iso():
    for text in ISO:
        try:
            moment = D.datetime.fromisoformat(text)
        except ValueError:
            print(text, "no", sep="\t")
        else:
            offset = "" if moment.utcoffset() is None else moment.utcoffset() // D.timedelta(microseconds=1)
            print(text, microseconds(moment), offset, sep="\t")


{"calendar": calendar, "zones": zones, "iso": iso}[sys.argv[1]]()
