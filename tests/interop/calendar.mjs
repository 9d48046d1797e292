// Calendars as npm's ical.js reads them. stdin: JSON [{ics, from, to}], times in seconds since 1970;
// stdout: JSON, for each the occurrences as [start, end, summary, location], and what was called off.

import ICAL from "ical.js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const asked = JSON.parse(Buffer.concat(chunks).toString("utf8"));

function read({ ics, from, to }) {
    const whole = new ICAL.Component(ICAL.parse(ics));
    ICAL.TimezoneService.reset();
    for (const zone of whole.getAllSubcomponents("vtimezone"))
        ICAL.TimezoneService.register(new ICAL.Timezone(zone));
    const events = whole.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
    const found = [];
    const cancelled = [];
    for (const event of events.filter((one) => !one.isRecurrenceException())) {
        for (const other of events)
            if (other.isRecurrenceException() && other.uid === event.uid)
                event.relateException(other);
        if (event.component.getFirstPropertyValue("status") === "CANCELLED") {
            cancelled.push(event.uid);
            continue;
        }
        found.push(...occurrences(event, from, to));
    }
    return { found: found.sort((a, b) => a[0] - b[0]), cancelled };
}

function occurrences(event, from, to) {
    if (!event.isRecurring()) {
        const one = [event.startDate.toUnixTime(), event.endDate.toUnixTime(), event.summary, event.location];
        return one[1] > from && one[0] < to ? [one] : [];
    }
    const found = [];
    const slack = 40 * 86400; // an occurrence may have been moved back
    const each = event.iterator();
    for (let next = each.next(); next && next.toUnixTime() < to + slack; next = each.next()) {
        const { startDate, endDate, item } = event.getOccurrenceDetails(next);
        const [start, end] = [startDate.toUnixTime(), endDate.toUnixTime()];
        if (end > from && start < to) found.push([start, end, item.summary, item.location]);
    }
    return found;
}

process.stdout.write(JSON.stringify(asked.map(read)));
