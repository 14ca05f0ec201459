"""What people do, as numbers: the settings of the published program, and where it leaves a choice."""

from __future__ import annotations

from crossings.parameters import Block, param

SOURCE = "Flee, default settings (Suleimenova, Bell & Groen 2017 and later versions)"
_CHOICE = "assumed: the published description leaves it open"


class FleeBlock(Block):
    """Rules of Flee."""

    leave_conflict: float = param(
        1.0, "Chance of leaving a place of conflict on a day", source=SOURCE, min_value=0.0, max_value=1.0
    )
    leave_town: float = param(
        0.3, "Chance of leaving a town on a day", source=SOURCE, min_value=0.0, max_value=1.0
    )
    leave_camp: float = param(
        0.001, "Chance of leaving a camp on a day", source=SOURCE, min_value=0.0, max_value=1.0
    )
    leave_idp_camp: float = param(
        0.1,
        "Chance of leaving a camp for displaced people within the country on a day",
        source=SOURCE,
        min_value=0.0,
        max_value=1.0,
    )
    conflict_weight: float = param(
        0.25, "Attraction of a place of conflict, where a town's is 1", source=SOURCE, min_value=0.0
    )
    camp_weight: float = param(1.0, "Attraction of a camp, in the same measure", source=SOURCE, min_value=0.0)
    foreign_weight: float = param(
        1.0, "Factor to the attraction of places abroad", source=SOURCE, min_value=0.0
    )
    softening_km: float = param(
        10.0, "Added to every distance", unit="km", source=SOURCE, min_value=0.001, max_value=1e6
    )
    awareness: int = param(
        1,
        "How many roads ahead people know; at 0 they take any road, each as likely",
        unit="roads",
        source=SOURCE,
        min_value=0,
        max_value=8,
    )
    capacity_buffer: float = param(
        0.9,
        "Share of its capacity from which on a camp attracts less",
        source=SOURCE,
        min_value=0.0,
        max_value=0.999,
    )
    km_a_day: float = param(
        360.0, "The most that is travelled in a day by road", unit="km/day", source=SOURCE, min_value=1.0
    )
    km_on_foot: float = param(
        35.0, "The most that is walked in a day", unit="km/day", source=SOURCE, min_value=1.0
    )
    first_road_on_foot: bool = param(
        False, "Whether people walk until they reach a first place", source=SOURCE
    )
    camps_are_sinks: bool = param(False, "Whether people in a camp leave the count", source=SOURCE)
    empty_camps: bool = param(
        False, "Whether camps are empty on day 0, and counts are those above that day's", source=SOURCE
    )
    initial_in_camps: bool = param(
        True,
        "Whether those counted on day 0 are in their camps then; else they enter at places of conflict",
        source=_CHOICE,
    )
    whole_day_each_road: bool = param(
        False,
        "Whether a road begun before the day's kilometres are used up may be travelled for a whole day's "
        "more; else the day's limit is kept",
        source=_CHOICE,
    )
    least_room: float = param(
        0.5,
        "Room of a camp, as a factor to its attraction, below which those who would go there stay",
        source=_CHOICE,
        min_value=0.0,
        max_value=1.0,
    )
    people_each: int = param(
        1, "People for whom one person in the model stands", unit="people", min_value=1, max_value=10_000
    )
