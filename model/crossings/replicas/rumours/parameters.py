"""Parameters of Routes and Rumours, under the names by which they were published."""

from __future__ import annotations

from crossings.parameters import Block, param

PUBLISHED = "Bijak (ed.) 2022, ch. 8-9, published runs"


class Oddities(Block):
    """Peculiarities of the published program; each is copied by default and can be switched off."""

    frozen_rates: bool = param(
        True,
        "Rates stay as they were when a person's next event was scheduled, though the world has changed.",
        source=PUBLISHED,
    )
    variances_named_sd: bool = param(
        True,
        "The spreads of risk attitudes, called standard deviations, serve as variances.",
        source=PUBLISHED,
    )
    one_sided_drops: bool = param(True, "Who drops a contact is not dropped by it.", source=PUBLISHED)
    dead_linger: bool = param(
        True, "Contacts who died are removed when they are called, not at their death.", source=PUBLISHED
    )
    intercepted_on_average: bool = param(
        True,
        "Interception only lengthens crossings by its mean; nobody is intercepted in person.",
        source=PUBLISHED,
    )
    unbounded_accuracy: bool = param(
        True, "The accuracy of beliefs about links has no upper bound.", source=PUBLISHED
    )


class Choices(Block):
    """What the published description leaves open, and how it was read here."""

    talk_replans: bool = param(
        True,
        "People plan anew after talking, not only after exploring.",
        source="fits the published frequency of plans in the Mediterranean; without it a tenth is missing",
    )
    hearsay_reveals: bool = param(
        False, "A city heard of, not only one found, reveals its link to an exit that is known."
    )
    prior_link_ends: bool = param(
        False,
        "A link known beforehand makes both of its ends known, not only what is at hand.",
        source="fits the published accuracy of beliefs about cities; less accurate with it",
    )
    exits_are_cities: bool = param(
        True,
        "Exits are among the cities of which people may know beforehand.",
        source="fits the published accuracy of beliefs about cities",
    )


class RumoursBlock(Block):
    """All that people do and believe; defaults are those of the generic campaign runs."""

    # who comes
    n_ini_contacts: int = param(3, "Contacts at entry, at most.", source=PUBLISHED, min_value=0)
    p_know_target: float = param(
        0.1, "Chance to know an exit beforehand.", source=PUBLISHED, min_value=0, max_value=1
    )
    p_know_city: float = param(
        0.1, "Chance to know a city of the world's prior set.", source=PUBLISHED, min_value=0, max_value=1
    )
    p_know_link: float = param(
        0.1, "Chance to know a link of the world's prior set.", source=PUBLISHED, min_value=0, max_value=1
    )
    speed_expl_ini: float = param(
        1.0, "Weight of the truth in what is known beforehand.", source=PUBLISHED, min_value=0, max_value=1
    )
    risk_i: float = param(-7.64, "Mean intercept of risk attitudes.", source=PUBLISHED)
    risk_s: float = param(0.16, "Mean slope of risk attitudes.", source=PUBLISHED)
    risk_sd_i: float = param(4.68, "Spread of the intercept.", source=PUBLISHED, min_value=0)
    risk_sd_s: float = param(0.08, "Spread of the slope.", source=PUBLISHED, min_value=0)
    risk_cov_i_s: float = param(-0.337, "Covariance of intercept and slope.", source=PUBLISHED)
    # money
    ini_capital: float = param(2000.0, "Capital at entry.", source=PUBLISHED)
    rate_costs_stay: float = param(
        0.0, "Rate of income and costs.", unit="1/time", source=PUBLISHED, min_value=0
    )
    costs_stay: float = param(0.0, "Costs of staying.", source=PUBLISHED)
    ben_resources: float = param(0.0, "Income for each unit of a city's resources.", source=PUBLISHED)
    costs_move: float = param(0.0, "Costs for each unit of friction.", source=PUBLISHED)
    save_thresh: float = param(0.0, "Capital for which people wait where they earn.", source=PUBLISHED)
    save_income: float = param(0.0, "Income above which people wait for it.", source=PUBLISHED)
    # exploring
    rate_explore_stay: float = param(1.0, "Rate of exploring.", unit="1/time", source=PUBLISHED, min_value=0)
    p_find_links: float = param(
        0.5, "Chance to find an unknown link.", source=PUBLISHED, min_value=0, max_value=1
    )
    p_find_dests: float = param(
        0.3, "Chance to learn about a link's far city.", source=PUBLISHED, min_value=0, max_value=1
    )
    speed_expl_stay: float = param(
        1.0, "Weight of the truth at a city.", source=PUBLISHED, min_value=0, max_value=1
    )
    speed_expl_move: float = param(
        1.0, "Weight of the truth on a link.", source=PUBLISHED, min_value=0, max_value=1
    )
    res_exp: float = param(0.5, "Resources expected of an unknown city.", source=PUBLISHED)
    qual_exp: float = param(0.5, "Quality expected of an unknown city.", source=PUBLISHED)
    risk_exp: float = param(
        0.001, "Risk expected of an unknown link.", source=PUBLISHED, min_value=0, max_value=1
    )
    # talking
    p_keep_contact: float = param(
        0.1, "Rate of meeting each other person present.", unit="1/time", source=PUBLISHED, min_value=0
    )
    p_drop_contact: float = param(
        0.05, "Rate of dropping each contact.", unit="1/time", source=PUBLISHED, min_value=0
    )
    p_info_contacts: float = param(
        0.1, "Rate of talking to each contact.", unit="1/time", source=PUBLISHED, min_value=0
    )
    p_transfer_info: float = param(
        0.1, "Chance that a belief is passed on.", source=PUBLISHED, min_value=0, max_value=1
    )
    n_contacts_max: int = param(
        50, "Contacts a person can have.", source=PUBLISHED, min_value=1, max_value=500
    )
    convince: float = param(
        0.5, "How far trust convinces who doubts.", source=PUBLISHED, min_value=0, max_value=1
    )
    convert: float = param(
        0.1, "How far trust converts who trusts.", source=PUBLISHED, min_value=0, max_value=1
    )
    confuse: float = param(
        0.3, "How far disagreement makes doubt.", source=PUBLISHED, min_value=0, max_value=1
    )
    error: float = param(0.0, "Error in what is heard of cities and of trust.", source=PUBLISHED, min_value=0)
    error_risk: float = param(0.01, "Error in what is heard of risk.", source=PUBLISHED, min_value=0)
    error_frict: float = param(0.1, "Error in what is heard of friction.", source=PUBLISHED, min_value=0)
    weight_arr: float = param(1.0, "Weight of those who have arrived.", source=PUBLISHED, min_value=0.01)
    # deciding
    rate_plan: float = param(
        100.0, "Rate of planning on new knowledge.", unit="1/time", source=PUBLISHED, min_value=0
    )
    qual_weight_x: float = param(0.5, "Weight of being far to the east.", source=PUBLISHED, min_value=0)
    qual_weight_res: float = param(0.0, "Weight of resources.", source=PUBLISHED, min_value=0, max_value=1)
    qual_tol_frict: float = param(2.0, "Tolerance of friction.", source=PUBLISHED, min_value=0.001)
    path_penalty_loc: float = param(
        1.0, "Penalty of unattractive cities on a path.", source=PUBLISHED, min_value=0
    )
    risk_scale: float = param(
        10.0, "How fast perceived safety falls with risk.", source=PUBLISHED, min_value=0
    )
    path_penalty_risk: float = param(5.0, "Penalty of unsafe links on a path.", source=PUBLISHED, min_value=0)
    # travelling
    move_rate: float = param(
        0.0, "Rate of arriving, whatever the link.", unit="1/time", source=PUBLISHED, min_value=0
    )
    move_speed: float = param(0.5, "Speed over friction.", unit="1/time", source=PUBLISHED, min_value=0)
    p_notice_death_c: float = param(
        0.3, "Chance that a contact learns of a death.", source=PUBLISHED, min_value=0, max_value=1
    )
    p_notice_death_o: float = param(
        0.1, "Chance that a fellow traveller learns of a death.", source=PUBLISHED, min_value=0, max_value=1
    )
    speed_risk_indir: float = param(
        0.1, "Weight of a death heard of.", source=PUBLISHED, min_value=0, max_value=1
    )
    speed_risk_obs: float = param(0.1, "Weight of a death seen.", source=PUBLISHED, min_value=0, max_value=1)

    oddities: Oddities = Oddities()
    choices: Choices = Choices()
