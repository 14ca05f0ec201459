"""Routes and Rumours on a small world: people are conserved, deaths have their chance, switches switch."""

from types import SimpleNamespace

import numpy as np
import pytest

from crossings.errors import InputError
from crossings.replicas.rumours import generic, mediterranean, metrics
from crossings.replicas.rumours.model import Change, RumoursModel
from crossings.replicas.rumours.parameters import Choices, Oddities, RumoursBlock
from crossings.replicas.rumours.planning import effort, safety
from crossings.replicas.rumours.state import APPRAISED, ARRIVED, DEAD, MOVING, STAYING, TRUST, UNKNOWN
from crossings.replicas.rumours.worlds import ENTRY, EXIT, SyntheticBlock, from_map, synthetic

pytest.importorskip("numba")

SMALL = SyntheticBlock(n_cities=40, n_entries=2, n_exits=4, link_thresh=0.25, p_unknown_city=0.2)
START = Change(0, entry_rate=8.0)
MAP = """{"cities": [
  {"x": 0.2, "y": 0.5, "typ": 1, "name": "A"}, {"x": 0.9, "y": 0.5, "typ": 3, "name": "E"},
  {"x": 0.5, "y": 0.5, "typ": 1, "name": "B"}],
 "links": [{"i": 1, "j": 3, "distance": 0.3, "friction": 0.33, "risk": 0.0},
           {"i": 3, "j": 2, "distance": 0.4, "friction": 0.4, "risk": 0.0}]}"""


def run(seed=1, *, until=40, changes=(START,), world_seed=2, **parameters) -> RumoursModel:
    block = RumoursBlock(**parameters)
    return RumoursModel(synthetic(SMALL, world_seed), block, seed, changes=changes, until=until).run()


@pytest.fixture(scope="module")
def model() -> RumoursModel:
    return run()


def test_everybody_is_somewhere_and_only_there(model):
    s, measured = model.state, metrics.measure(model)
    parts = [measured[name] for name in ("n_arrived", "n_dead", "n_migrants")]
    assert measured["n_entered"] == sum(parts) > 200
    for status, part in ((ARRIVED, parts[0]), (DEAD, parts[1])):
        assert (s.people.status == status).sum() == part
    present = [s.present[place, k] for place in range(len(s.number)) for k in range(s.number[place])]
    under_way = np.flatnonzero((s.people.status == STAYING) | (s.people.status == MOVING))
    assert sorted(present) == under_way.tolist()
    assert s.world.heap_size[0] == len(under_way) + 1
    heap = s.schedule.heap[: len(under_way) + 1]
    assert all(s.schedule.due[heap[k]] >= s.schedule.due[heap[(k - 1) // 2]] for k in range(1, len(heap)))
    assert s.cities.visits[model.world.of_kind(EXIT)].sum() == parts[0]
    assert s.links.crossings.sum() == s.cities.visits.sum() - measured["n_entered"]


def test_beliefs_are_within_bounds_and_links_known_have_known_ends(model):
    s = model.state
    known = s.link[:, :, TRUST] > 0
    assert s.link[:, :, TRUST:].max() <= 1.0
    assert (s.link[:, :, 1] <= 1.0).all()
    assert (s.link >= 0.0).all()
    assert known[s.people.status == ARRIVED].any(axis=1).all()


def test_what_is_known_has_some_trust_and_what_was_reckoned_of_a_link_is_of_its_present_belief():
    hazard = Change(0, entry_rate=8.0, risk=0.1)  # so that deaths are heard of
    model = run(changes=(START, hazard), error=0.1, p_notice_death_c=1.0, p_notice_death_o=1.0)
    s, r = model.state, model.rules
    assert np.array_equal(s.knows_city != UNKNOWN, s.city[:, :, TRUST] > 0)
    assert np.array_equal(s.knows_link != UNKNOWN, s.link[:, :, TRUST] > 0)
    reckoned = np.argwhere(s.knows_link == APPRAISED)
    assert len(reckoned) > 1000
    for m, link in reckoned:
        belief, person = s.link[m, link], s.people[m]
        danger = 1.0 - safety(belief, r.risk_scale, person.intercept, person.slope)
        assert s.appraisal[m, link].tolist() == [effort(belief), r.path_penalty_risk * danger]


def test_the_same_seed_gives_the_same_run_and_another_one_another(model):
    again, other = run(), run(seed=2)
    assert again.datacollector.get_model_vars_dataframe().equals(
        model.datacollector.get_model_vars_dataframe()
    )
    assert metrics.measure(other) != metrics.measure(model)


def test_replicates_share_the_world_and_what_may_be_known_of_it():
    one, two = synthetic(SMALL, 5), synthetic(SMALL, 5)
    assert np.array_equal(one.hazard, two.hazard)
    assert np.array_equal(one.prior_link, two.prior_link)
    assert 0 < one.prior_link.sum() < one.links
    assert not np.array_equal(one.place, synthetic(SMALL, 6).place)


def test_the_chance_to_die_on_a_link_is_its_risk():
    # 1,500 and more crossings at risk .2: outside three standard errors in 3 of 1,000 seeds
    found = run(until=120, changes=(START, Change(0, entry_rate=8.0, risk=0.2)), world_seed=3)
    died = int(found.state.world.dead[0])
    crossed = int(found.state.links.crossings.sum())
    assert crossed + died > 1500
    error = np.sqrt(0.2 * 0.8 / (crossed + died))
    assert abs(died / (crossed + died) - 0.2) < 3 * error


def test_entries_come_at_their_rate():
    found = run(until=300, p_keep_contact=0.0, p_info_contacts=0.0, changes=(Change(0, entry_rate=4.0),))
    assert abs(found.state.world.entered[0] - 1500) < 3 * np.sqrt(1500)  # wrong in 3 of 1,000 seeds


def test_a_share_of_the_population_enters_as_soon_and_as_often():
    """Were the rate scaled, the first would be awaited ten times as long, and all who follow be late."""
    world, changes = synthetic(SMALL, 2), (Change(0, entry_rate=4.0),)
    block = RumoursBlock(p_keep_contact=0.0, p_info_contacts=0.0)
    runs = [RumoursModel(world, block, seed, changes=changes, until=40, size=0.1).run() for seed in range(40)]
    entered = [int(run.state.world.entered[0]) for run in runs]
    # 1 passes until the first comes, on average: 39 x 5 x .1; wrong in 3 of 1,000 sets of seeds
    assert abs(sum(entered) - 40 * 39 * 0.5) < 3 * np.sqrt(40 * 39 * 0.5 + 40 * 0.25)


@pytest.mark.parametrize("name", sorted(set(Oddities.model_fields) - {"unbounded_accuracy"}))
def test_every_oddity_makes_a_difference(tmp_path, name):
    path = tmp_path / "map.json"
    path.write_text(MAP, encoding="utf-8")
    world = from_map(path, 1, n_entries=2, n_nearest=2)
    sea = np.flatnonzero(world.sea)
    changes = [Change(0, 20.0, 0.05, sea, 0.1), Change(20, None, 0.2, sea, 0.5)]

    def total(odd: Oddities) -> tuple[float, ...]:
        block = RumoursBlock(oddities=odd, move_speed=0.1, p_drop_contact=0.5, p_info_contacts=0.5)
        made = RumoursModel(world, block, 4, changes=changes, until=40, wait=10.0).run()
        return made.state.world.events[0], made.state.world.arrived[0], made.intercepted

    assert total(Oddities()) != total(Oddities(**{name: False}))


def test_accuracy_of_links_can_be_bounded(model):
    bounded = run(oddities=Oddities(unbounded_accuracy=False))
    who = np.flatnonzero(bounded.state.people.status == ARRIVED)
    assert all(0.0 <= metrics.accuracy_of_links(bounded, m) <= 1.0 for m in who)
    assert metrics.measure(bounded)["n_arrived"] == metrics.measure(model)["n_arrived"]


@pytest.mark.parametrize("name", sorted(Choices.model_fields))
def test_every_reading_makes_a_difference(name):
    other = run(p_know_city=0.5, choices=Choices(**{name: not getattr(Choices(), name)}))
    assert metrics.measure(other) != metrics.measure(run(p_know_city=0.5))


def test_without_talk_nobody_exchanges_and_with_it_more_is_known(model):
    silent = run(p_keep_contact=0.0, p_info_contacts=0.0)
    assert silent.state.world.exchanges[0] == 0
    assert metrics.measure(silent)["n_link"] < metrics.measure(model)["n_link"]


def test_as_a_mesa_model_its_agents_are_those_under_way(model):
    s = model.state
    assert len(model.agents) == s.world.en_route[0]
    assert {agent.row for agent in model.agents} == set(
        np.flatnonzero((s.people.status == STAYING) | (s.people.status == MOVING)).tolist()
    )
    assert all(agent.cities >= 1 for agent in model.agents)


def test_a_map_gets_entries_and_keeps_its_links(tmp_path):
    path = tmp_path / "map.json"
    path.write_text(MAP, encoding="utf-8")
    world = from_map(path, 1, n_entries=2, n_nearest=1)
    assert (world.cities, world.links) == (5, 4)
    assert world.kind.tolist() == [ENTRY, ENTRY, 1, 1, EXIT]
    assert world.distance[world.sea].tolist() == [0.4]
    assert [world.graph.nodes[k]["name"] for k in (2, 3, 4)] == ["A", "B", "E"]


@pytest.mark.parametrize("content", ["no map", "{}", '{"cities": [{"x": 1}], "links": []}'])
def test_what_is_no_map_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "map.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as a map") as error:
        from_map(path, 1)
    assert "\n" not in str(error.value)


def test_odd_arguments_are_refused():
    world = synthetic(SMALL, 1)
    with pytest.raises(InputError, match="size 2"):
        RumoursModel(world, RumoursBlock(), 1, changes=[START], until=5, size=2.0)
    with pytest.raises(InputError, match="expected the first at time 0"):
        RumoursModel(world, RumoursBlock(), 1, changes=[Change(3, entry_rate=1.0)], until=5)
    with pytest.raises(InputError, match="seed"):
        RumoursModel(world, RumoursBlock(), -1, changes=[START], until=5)


def test_measures_of_counts():
    assert metrics.gini(np.array([1, 1, 1, 1])) == pytest.approx(0.0)
    assert metrics.gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert metrics.alike(np.array([1, 2, 3]), np.array([2, 4, 6])) == pytest.approx(1.0)


def test_more_people_than_there_is_room_for_end_the_run(monkeypatch):
    monkeypatch.setattr("crossings.replicas.rumours.model._room", lambda *_: 5)
    with pytest.raises(RuntimeError, match=r"more than 5 people entered by \d"):
        run(until=5)


def test_who_has_left_is_no_agent_any_longer():
    model = RumoursModel(synthetic(SMALL, 2), RumoursBlock(), 1, changes=(START,), until=40)
    for _ in range(10):
        model.step()
    rows = {agent.row for agent in model.agents}
    assert {bool(agent.moving) for agent in model.agents} == {True, False}
    assert max(agent.contacts for agent in model.agents) > 0
    while model.running:
        model.step()
    later = {agent.row for agent in model.agents}
    assert rows - later
    assert not np.isin(model.state.people.status[sorted(rows - later)], (STAYING, MOVING)).any()


# ---- the published designs


def test_danger_is_where_a_link_touches_the_middle():
    place = np.array([[0.0, 0.5], [0.5, 0.5], [1.0, 0.5], [0.0, 0.0], [1.0, 0.1], [0.5, 0.0], [0.5, 1.0]])
    ends = np.array([[0, 1], [0, 2], [3, 4], [5, 6], [3, 5], [0, 3]])
    world = SimpleNamespace(place=place, ends=ends)
    assert generic.dangerous(world).tolist() == [0, 1, 3]  # the others pass beneath it or beside it


def test_a_cell_of_the_generic_campaign_has_its_levels():
    world = synthetic(SMALL, 1)
    cell = generic.Cell(1, 7, know="high", comm="low", trust="high", risk="high", size=0.5)
    r = generic.model_of(cell, world).rules
    assert (r.p_know_city, r.p_know_link, r.p_info_contacts, r.p_transfer_info) == (0.5, 0.5, 0.1, 0.1)
    assert (r.risk_scale, r.path_penalty_risk) == (20.0, 10.0)


def test_a_run_of_the_generic_campaign_says_where_it_stands(monkeypatch):
    monkeypatch.setattr(generic, "SyntheticBlock", lambda: SMALL)
    monkeypatch.setattr(generic, "_UNTIL", 60)
    row = generic.run(generic.Cell(2, 3, comm="high", size=0.3))
    assert (row["world"], row["replicate"], row["know"], row["comm"]) == (2, 3, "low", "high")
    assert row["n_entered"] == row["n_arrived"] + row["n_dead"] + row["n_migrants"] > 0
    assert len(row["visits"]) == synthetic(SMALL, 2).cities


def test_a_published_run_counts_year_by_year(tmp_path):
    path = tmp_path / "map.json"
    path.write_text(MAP, encoding="utf-8")
    perceived = dict(zip(mediterranean.PERCEIVED, (0.1, 0.3, 0.3, 10.0, 5.0), strict=True))
    known = mediterranean.Calibrated("mine", perceived, (0.5, 0.5, 2.0))
    rates = [change.entry_rate for change in mediterranean.timeline(from_map(path, 1), known.factors)]
    assert rates == pytest.approx([20.0, 20.0, 10.0, 5.0, 10.0])
    row = mediterranean.run(mediterranean.Run(known, draw=1, seed=1, size=0.05), path)
    assert (row["run"], row["draw"]) == ("mine", 1)
    assert row["n_entered"] == row["n_arrived"] + row["n_dead"] + row["n_migrants"]
    arrived = [row[f"arrivals_{year}"] for year in mediterranean.YEARS]
    assert min(arrived) >= 0.0
    assert 0.0 < sum(arrived) <= row["n_arrived"]
    assert sum(row[f"deaths_{year}"] for year in mediterranean.YEARS) <= row["n_dead"]
    assert row["arrived_50"] <= row["arrived_100"] <= row["arrived_200"] <= row["arrived_300"]
