"""办事指南: one item version put into the words people use, with the fourteen core fields (D-47). Reads no database."""

from dataclasses import dataclass, field

from apps.items.models import CaseKind, ItemVersion, Material, Necessity, Unit

OBJECTS = {
    "1": "个人",
    "2": "企业",
    "3": "事业单位",
    "4": "社会组织",
    "5": "行政机关",
    "6": "其他组织",
}
DEPTHS = {1: "只公开信息", 2: "网上预审", 3: "网上受理，到现场一次", 4: "全程网办"}
HOW = {  # how a material is brought, and the chip that says so
    Necessity.REQUIRED: ("要交", ""),
    Necessity.TOLERABLE: ("可以后补", "info"),
    Necessity.BY_PROMISE: ("可以承诺代替", "info"),
    Necessity.SHARED: ("免提交", "ok"),
    Necessity.SITUATIONAL: ("有这种情形才交", ""),
}


@dataclass(frozen=True)
class Guide:
    version: ItemVersion
    materials: list[Material]
    chosen: frozenset[str] = field(default_factory=frozenset)  # situations that apply

    @property
    def term(self) -> str:
        """多久能办好: the promise."""
        return term_words(self.version.committed_amount, self.version.committed_unit)

    @property
    def statutory(self) -> str:
        if self.version.statutory_amount is None:
            return ""
        return term_words(self.version.statutory_amount, self.version.statutory_unit)

    @property
    def who(self) -> str:
        return "、".join(OBJECTS[code] for code in self.version.service_objects if code in OBJECTS)

    @property
    def depth(self) -> str:
        return DEPTHS.get(self.version.online_depth, "")

    @property
    def is_online(self) -> bool:
        """Whether an application can begin here at all."""
        return self.version.online_depth >= 2

    @property
    def is_agents(self) -> bool:
        return self.version.kind == CaseKind.AGENT

    @property
    def delivery(self) -> str:
        return "、".join(self.version.delivery_ways) or "窗口领取"

    @property
    def situations(self) -> list[str]:
        return list(
            dict.fromkeys(situation_of(m) for m in self.materials if m.necessity == Necessity.SITUATIONAL)
        )

    @property
    def lines(self) -> list[dict]:
        """The check list as it applies: situational papers only where their situation was chosen."""
        return [
            {"material": m, "how": HOW[m.necessity][0], "chip": HOW[m.necessity][1], "count": papers_of(m)}
            for m in self.materials
            if m.necessity != Necessity.SITUATIONAL or situation_of(m) in self.chosen
        ]

    @property
    def to_hand_in(self) -> int:
        return sum(line["material"].necessity != Necessity.SHARED for line in self.lines)

    @property
    def spared(self) -> int:
        return sum(line["material"].necessity == Necessity.SHARED for line in self.lines)


def situation_of(material: Material) -> str:
    return material.situation or f"需要“{material.name}”的情形"


def papers_of(material: Material) -> str:
    """原件 1 份、复印件 2 份."""
    counts = [("原件", material.originals), ("复印件", material.copies)]
    return (
        "、".join(f"{name} {count} 份" for name, count in counts if count)
        or f"{material.get_form_display()} 1 份"
    )


def term_words(amount: int, unit: str) -> str:
    if amount == 0:
        return "当场办结"
    return f"{amount} {Unit(unit).label}"
