"""What of a project is covered, covered differently, and not covered."""

COVERED, DIFFERENT, MISSING = "covered", "different", "missing"
TITLES = {
    COVERED: "Covered",
    DIFFERENT: "Covered differently",
    MISSING: "Not covered",
}


class Report:
    def __init__(self):
        self.items = []

    def covered(self, subject, remark=""):
        self._add(COVERED, subject, remark)

    def different(self, subject, remark):
        self._add(DIFFERENT, subject, remark)

    def missing(self, subject, remark):
        self._add(MISSING, subject, remark)

    def _add(self, kind, subject, remark):
        item = {"kind": kind, "subject": subject, "remark": remark}
        if item not in self.items:
            self.items.append(item)

    def of(self, kind):
        return [item for item in self.items if item["kind"] == kind]

    def counts(self):
        return {kind: len(self.of(kind)) for kind in TITLES}

    def lines(self):
        for kind, title in TITLES.items():
            items = self.of(kind)
            if not items:
                continue
            yield f"{title}:"
            for item in items:
                remark = f": {item['remark']}" if item["remark"] else ""
                yield f"  {item['subject']}{remark}"
            yield ""
        counts = self.counts()
        yield f"{counts[COVERED]} covered, {counts[DIFFERENT]} covered differently, {counts[MISSING]} not covered."
