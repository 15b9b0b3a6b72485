"""What the benchmark runner promises."""

import json
from pathlib import Path

from tests.benchmarks import mutations_http, production_readers, switches
from tests.benchmarks.__main__ import keep, main
from tests.benchmarks.desk_checks import checks
from tests.benchmarks.desk_mutations import BEHIND, ROOT
from tests.benchmarks.figure import Figure
from tests.benchmarks.reader_load import Load, read


def test_a_figure_on_the_edge_of_its_reach_is_ok_and_beyond_it_short():
    assert Figure.at_most("time", 0.75, 0.75).verdict == "ok"
    assert Figure.at_most("time", 0.76, 0.75).verdict == "short"
    assert Figure.at_least("rate", 0.79, 0.8).verdict == "short"


def test_a_peer_that_is_absent_is_named_as_missing():
    line = Figure.missing("beside hugo", 1.5, "hugo is not installed").line
    assert "missing" in line
    assert "hugo is not installed" in line


def test_measuring_one_group_keeps_the_figures_of_the_others(tmp_path: Path):
    results = tmp_path / "benchmarks.json"
    keep("exchange", [Figure.at_most("time", 1, 2)], results)
    keep("desk", [Figure.at_most("queries", 3, 2)], results)
    kept = json.loads(results.read_text())
    assert [kept["exchange"][0]["ok"], kept["desk"][0]["ok"]] == [True, False]


def test_a_group_that_does_not_exist_is_refused():
    assert main(["no-such-group"]) == 2


def test_every_check_of_the_desk_has_a_name_of_its_own():
    names = [check.name for check in checks(ROOT)]
    assert len(names) > 200
    assert len(set(names)) == len(names)


def test_checks_that_stand_behind_others_exist_and_say_why():
    assert BEHIND.keys() <= {check.name for check in checks(ROOT)}
    assert all(BEHIND.values())


def test_a_check_that_is_switched_off_refuses_nobody_and_one_that_is_on_is_noted():
    switches.refused.clear()
    assert not switches.holds(7, False)
    assert switches.refused == set()
    assert switches.holds(7, True)
    assert switches.refused == {7}
    switches.off = 7
    try:
        assert not switches.holds(7, True)
        assert switches.grants(7)(lambda: False)()
    finally:
        switches.off = None
        switches.refused.clear()


def test_what_wrk_says_is_read_in_milliseconds_with_every_error():
    said = """
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    14.02ms    4.00ms  80.12ms   91.00%
  Latency Distribution
     50%   13.40ms
     75%  900.00us
     90%   16.00ms
     99%    1.20s{end}
  4275 requests in 5.00s, 80.00MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:    854.61
"""
    # It pads seconds.
    said = said.replace("{end}", " ")
    assert read(said) == Load(p50=13.4, p99=1200, rate=854.61, errors=7)


def test_readers_a_core_are_counted_by_the_time_that_the_server_was_busy() -> None:
    said = "  8123 requests in 4.00m, 12.01MB read\n  Non-2xx or 3xx responses: 2\n"
    said += "Requests/sec:     33.85\n"
    assert production_readers.read(said, busy=2.0) == production_readers.Asked(4061.5, 33.85, 2)


def test_a_seed_sends_the_same_mutated_request_again() -> None:
    site = mutations_http.Site(["", "news/<name:stem>/", "admin/"], ["a-b"], ["s"])
    sent = [mutations_http.request(seed, site, "127.0.0.1") for seed in range(200)]
    assert sent == [mutations_http.request(seed, site, "127.0.0.1") for seed in range(200)]
    assert len(set(sent)) > 150
