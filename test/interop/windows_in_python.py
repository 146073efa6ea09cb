"""Reads cases from stdin, one JSON a line, and answers each with whether its window is open, and when that changes."""

import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
MINUTE = timedelta(minutes=1)


def minutes(text):
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def first_at(zone, date, minute):
    """The first moment at which the clock of the zone shows that minute of the date, or a later one."""
    wall = datetime(date.year, date.month, date.day) + timedelta(minutes=minute)
    found = wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
    shown = found.astimezone(zone).replace(tzinfo=None)
    if shown == wall:
        return found
    # The clock never shows it: back to the end of the gap, minute by minute.
    while (found - MINUTE).astimezone(zone).replace(tzinfo=None) >= wall:
        found -= MINUTE
    while found.astimezone(zone).replace(tzinfo=None) < wall:
        found += MINUTE
    return found


def opening(case):
    zone = ZoneInfo(case["zone"])
    now = datetime.fromtimestamp(case["now"] / 1000, timezone.utc)
    opens, closes = minutes(case["from"]), minutes(case["until"])
    if closes <= opens:
        closes += 24 * 60
    today = now.astimezone(zone).date()
    for ahead in range(-2, 17):
        date = today + timedelta(days=ahead)
        if "days" in case and WEEKDAYS[date.weekday()] not in case["days"]:
            continue
        first, last = first_at(zone, date, opens), first_at(zone, date, closes)
        if last <= now or first >= last:
            continue
        is_open = first <= now
        return {"open": is_open, "at": int((last if is_open else first).timestamp() * 1000)}


for line in sys.stdin:
    print(json.dumps(opening(json.loads(line))))
