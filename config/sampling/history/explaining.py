"""说明与申诉: red cards are answered for by whoever decides at the desk, and a few appeals are granted."""

import random
from datetime import timedelta

from apps.cases.models import Case
from apps.supervision import actions
from apps.supervision.models import Card, Colour

from ..facts import tree
from .story import World


def answer_cards(case: Case, world: World, number: int) -> None:
    chance = random.Random(f"cards {number}")
    desk = (case.point_id, case.department_id)
    for card in Card.objects.filter(case=case, colour=Colour.RED).order_by("id"):
        appeals = chance.random() < 0.2
        at = world.rhythm.later(card.issued_at + timedelta(hours=1), chance.uniform(30, 700))
        if at > world.now or chance.random() < 0.3:
            continue
        known = tree("texts.json")["card_appeals" if appeals else "card_causes"]
        text = chance.choice(known.get(card.rule, known["any"]))
        by = chance.choice(world.desks.deciders[desk])
        card = actions.explain(card, text=text, is_appeal=appeals, by=by, at=at)
        at = world.rhythm.later(at, chance.uniform(60, 600))
        if appeals and at <= world.now and chance.random() < 0.5:
            reason = chance.choice(tree("texts.json")["revocations"])
            actions.revoke(card, reason=reason, by=world.desks.supervisor, at=at)
