"""Figures: true to the curve, small, escaped, told apart without colour, labelled where they are biased or simulated."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import cohort_results as results
from infantall.cohort.results import CurveResult
from infantall.report.cohort import figures as pictures
from infantall.report.figures.axes import log_ticks, spread, time_axis
from infantall.report.figures.curves import at_risk, curve_figure, incidence_figures, value_at
from infantall.report.figures.drawing import Figure, folded, number, shortened, text_width
from infantall.report.figures.forest import ForestRow, forest_figure
from infantall.report.figures.heat import cross_figure
from infantall.report.figures.palette import DARK, LIGHT, look
from infantall.report.figures.panels import comparison_figure, transplant_figure
from infantall.report.figures.steps import band_path, step_path, thinned

SVG = "{http://www.w3.org/2000/svg}"


def every_figure() -> dict[str, Figure]:
    return {
        **pictures.of_survival(results.survival()),
        **pictures.of_stratify(results.stratify(simulated=True)),
        **pictures.of_compare(results.compare()),
    }


FIGURES = every_figure()


def drawn_corners(d: str) -> list[tuple[float, float]]:
    """The corners of a path made of M, H, V and Z, one list for all its parts."""
    corners: list[tuple[float, float]] = []
    x = y = 0.0
    for kind, rest in re.findall(r"([MHVZ])([^MHVZ]*)", d):
        if kind == "M":
            x, y = map(float, rest.split())
        elif kind == "H":
            x = float(rest)
        elif kind == "V":
            y = float(rest)
        corners.append((x, y))
    return corners


def distance(point: tuple[float, float], corners: list[tuple[float, float]]) -> float:
    """How far a point is from a path of upright and level lines."""
    ends = np.asarray(corners)
    low, high = np.minimum(ends[:-1], ends[1:]), np.maximum(ends[:-1], ends[1:])
    nearest = np.clip(np.asarray(point), low, high)
    return float(np.min(np.hypot(*(nearest - np.asarray(point)).T)))


def true_corners(x: list[float], y: list[float], end: float) -> list[tuple[float, float]]:
    corners = [(x[0], y[0])]
    for place, height in zip(x[1:], y[1:], strict=True):
        corners += [(place, corners[-1][1]), (place, height)]
    return [*corners, (end, corners[-1][1])]


# -- steps ---------------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0, 30), st.floats(0, 40)), min_size=2, max_size=60),
    st.booleans(),
)
def test_the_drawn_curve_is_never_more_than_half_a_pixel_from_the_true_one(
    rows: list[tuple[float, float]], falling: bool
) -> None:
    x = sorted(place for place, _ in rows)
    y = sorted(height for _, height in rows) if falling else [height for _, height in rows]
    drawn = drawn_corners(step_path(np.asarray(x), np.asarray(y), 31.0))
    true = true_corners(x, y, 31.0)
    for one, other in ((drawn, true), (true, drawn)):
        for (ax, ay), (bx, by) in itertools.pairwise(one):
            for share in (0.0, 0.25, 0.5, 0.75, 1.0):
                assert distance((ax + share * (bx - ax), ay + share * (by - ay)), other) <= 0.5


def test_a_million_steps_are_drawn_in_some_thousand() -> None:
    n = 1_000_000
    times = np.sort(np.random.default_rng(1).exponential(800, n))
    survival = 1 - np.arange(1, n + 1) / n
    curve = CurveResult("all", "", n, n, times, survival, survival * 0, survival, survival, n * survival, times[::2])
    figure = curve_figure([curve], name="big", title="Big", y_title="Survival, %", unit="day")
    assert len(figure.standalone()) < 120_000
    assert 'class="censored"' not in figure.standalone()
    assert "1,000,000" in figure.standalone()


def test_extremes_within_one_pixel_are_kept_and_idle_steps_are_not() -> None:
    x, y = np.asarray([0.0, 10.0, 10.01, 10.02, 20.0]), np.asarray([50.0, 10.0, 90.0, 50.0, 50.0])
    places, heights = thinned(x, y)
    assert list(zip(places.tolist(), heights.tolist(), strict=True)) == [(0.0, 50.0), (10.0, 90.0), (10.0, 10.0), (10.0, 50.0)]


def test_a_first_fall_at_the_very_start_is_seen() -> None:
    assert step_path(np.asarray([0.0, 0.01]), np.asarray([0.0, 20.0]), 5.0) == "M0 0V20H5"


def test_what_could_not_be_estimated_is_a_gap() -> None:
    x, nan = np.arange(6, dtype=float) * 10, math.nan
    assert step_path(x, np.asarray([0, 5, nan, nan, 9, 9.0]), 60.0) == "M0 0H10V5H20M40 9H60"
    assert step_path(x, np.full(6, nan), 60.0) == ""
    assert band_path(x, np.asarray([9, 9, nan, 9, 9, 9.0]), np.asarray([1, nan, 1, 2, 2, 2.0]), 60.0).count("Z") == 2


# -- axes and numbers at risk --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("longest", "unit", "title", "labels"),
    [
        (731.0, "day", "Time in years", ("0", "0.5", "1", "1.5", "2")),
        (730.0, "day", "Time in months", ("0", "3", "6", "9", "12", "15", "18", "21")),
        (100.0, "day", "Time in days", ("0", "14", "28", "42", "56", "70", "84", "98")),
        (60.0, "month", "Time in years", ("0", "1", "2", "3", "4", "5")),
        (12.0, "year", "Time in years", ("0", "2", "4", "6", "8", "10", "12")),
        (4.0, "", "Time, in the table's own unit", ("0", "0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4")),
    ],
)
def test_the_axis_of_time_speaks_the_readers_unit(longest: float, unit: str, title: str, labels: tuple[str, ...]) -> None:
    axis = time_axis(longest, unit)
    assert axis.title == title
    assert axis.labels == labels
    assert axis.until == longest and axis.ticks[-1] <= longest


def test_a_year_is_as_many_days_as_it_is() -> None:
    assert time_axis(2000, "day").ticks[1] == 365.25
    assert time_axis(math.nan, "day").until == 1.0


def test_numbers_at_risk_are_those_just_before_the_time() -> None:
    curve = replace(results.curve("A", 5, seed=1, hazard=0.001), times=[0, 10, 20], at_risk=[5, 5, math.nan])
    assert [at_risk(curve, t) for t in (0, 10, 10.5, 21)] == ["5", "5", "–", "0"]
    assert at_risk(curve, 21, coarse=True) == "–"


def test_nothing_is_read_beyond_the_end_of_a_curve() -> None:
    curve = replace(
        results.curve("A", 5, seed=1, hazard=0.001),
        times=[0, 10],
        estimate=[1, 0.5],
        se=[0, 0.1],
        ci_low=[1, 0.2],
        ci_high=[1, 0.8],
        censor_times=[12.0],
    )
    assert value_at(curve, 12) == (0.5, 0.1, 0.2, 0.8)
    assert all(map(math.isnan, value_at(curve, 12.5)))


def test_logarithmic_ticks_hold_one_and_stay_few() -> None:
    assert log_ticks(0.3, 4) == (0.5, 1.0, 2.0)
    assert log_ticks(0.01, 1000) == (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_labels_moved_apart_do_not_overlap(wanted: list[float]) -> None:
    placed = sorted(spread(wanted, 15.0, 0.0, 100.0))
    assert all(b - a >= 15 - 1e-9 for a, b in itertools.pairwise(placed))
    assert placed[-1] <= 100


# -- words ---------------------------------------------------------------------------------------------------------------


def test_words_are_cut_to_their_room() -> None:
    assert shortened("short", 200) == "short"
    assert text_width(shortened("x" * 500, 100)) <= 100
    assert folded("one two three four five", 60, most=2)[-1].endswith("…")
    assert number(-0.001) == "0" and number(1.5) == "1.5" and number(-12.345) == "-12.35"


# -- told apart ----------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_no_two_of_64_groups_share_pattern_and_marker() -> None:
    assert len({(look(i).dash, look(i).marker) for i in range(64)}) == 64


def test_colours_stand_out_from_paper_and_from_the_dark_page() -> None:
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in LIGHT)
    assert all(contrast(colour, "#14181d") >= 4.5 for colour in DARK)
    assert len(LIGHT) == len(DARK)


def test_the_first_four_colours_differ_for_colour_blind_readers() -> None:
    """Machado, Oliveira and Fernandes 2009, full protanopia and deuteranopia, in linear light."""
    kinds = (
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    )
    for colours in (LIGHT, DARK):
        for kind in kinds:
            seen = [np.asarray(kind) @ (np.asarray([int(c[i : i + 2], 16) for i in (1, 3, 5)]) / 255) ** 2.2 for c in colours[:4]]
            apart = [np.abs(a - b).max() for i, a in enumerate(seen) for b in seen[i + 1 :]]
            assert min(apart) > 0.04


def test_each_curve_has_its_own_pattern_and_marker_in_the_drawing() -> None:
    root = ET.fromstring(FIGURES["survival"].standalone())
    curves = [e for e in root.iter(f"{SVG}path") if e.get("class") == "curve"]
    assert len({e.get("stroke-dasharray") for e in curves}) == len(curves) == 3


# -- whole figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_stands_alone_and_speaks(name: str) -> None:
    text = FIGURES[name].standalone()
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    named = {e.get("id"): e for e in root.iter() if e.get("id")}
    title, desc = (named[key] for key in root.get("aria-labelledby", "").split())
    assert title.text and desc.text and len(desc.text) > 40
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "") and "url(" not in text and "<image" not in text
    assert "nan" not in re.sub(r"<(title|desc|text)\b.*?</\1>", "", text)
    width, height = FIGURES[name].width, FIGURES[name].height
    assert all(0 <= float(e.get("x", "1")) <= width and 0 <= float(e.get("y", "1")) <= height for e in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("name", [n for n in FIGURES if n != "published"])
def test_simulated_data_say_so_across_the_picture(name: str) -> None:
    text = FIGURES[name].standalone()
    assert ">SIMULATED</text>" in text and ">SIMULATED DATA</text>" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Simulated data." in FIGURES[name].desc


def test_real_data_are_not_called_simulated() -> None:
    for figure in pictures.of_survival(results.survival(simulated=False)).values():
        assert "simulated" not in figure.standalone().lower()


def test_the_naive_comparison_is_crossed_out_and_called_biased_and_no_other_is() -> None:
    root = ET.fromstring(FIGURES["transplant"].standalone())
    crossed = [e for e in root.iter(f"{SVG}g") if e.get("class") == "biased"]
    assert len(crossed) == 1
    assert "".join(crossed[0].itertext()) == "BIASED: immortal time"
    assert len(crossed[0].findall(f"{SVG}line")) == 2
    fair = transplant_figure(replace(results.transplant(), naive=()), unit="day")
    assert "BIASED" not in fair.standalone()


def test_hostile_names_stay_words() -> None:
    evil = replace(results.curve("A", 9, seed=1, hazard=0.001), group=results.EVIL)
    figures = [
        curve_figure([evil], name="x", title=results.EVIL, y_title=results.EVIL),
        *incidence_figures([replace(evil, cause=results.EVIL)], name="x", title=results.EVIL),
        cross_figure(replace(results.stratify().crosses[0], rows=results.EVIL, row_labels=(results.EVIL,)), name="x"),
        forest_figure(
            [ForestRow(results.EVIL, 1.0, 0.5, 2.0, (results.EVIL,))],
            name="x",
            title=results.EVIL,
            columns=(results.EVIL,),
            axis_title=results.EVIL,
        ),
        comparison_figure(replace(results.compare().comparisons[0], ours=evil), name="x", title=results.EVIL, unit="day"),
    ]
    for figure in figures:
        ET.fromstring(figure.standalone())
        assert "<script" not in figure.standalone() and "\x1b" not in figure.standalone()


def test_tiny_and_empty_groups_are_drawn_without_a_fault() -> None:
    nothing = CurveResult("none left", "", -1, -1, (0.0,), (1.0,), (math.nan,), (math.nan,), (math.nan,), (math.nan,))
    one = results.curve("one", 1, seed=4, hazard=0.001)
    figure = curve_figure([nothing, one], name="x", title="x", y_title="x", unit="day")
    assert "n hidden, events hidden" in figure.desc
    ET.fromstring(figure.standalone())
    with pytest.raises(ValueError, match="at least one curve"):
        curve_figure([], name="x", title="x", y_title="x")


def test_a_forest_plot_shows_reference_levels_and_ends_endless_whiskers_in_arrows() -> None:
    text = FIGURES["forest-1"].standalone()
    assert text.count(">reference<") == 2
    assert "∞" in text and "&gt;1000" in text
    assert "n = 296" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "HR (95 % CI)" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_row_is_as_tall_as_its_name() -> None:
    def drawn(label: str, lines: int) -> Figure:
        row = ForestRow(label, 50.0, 40.0, 60.0)
        return forest_figure([row], name="x", title="x", columns=(), axis_title="x", logarithmic=False, name_lines=lines)

    long = "Infants of a study with a name of many words, older than six months, after the end of induction"
    assert drawn("Infants", 3).height < drawn(long, 2).height < drawn(long, 3).height
    assert "…" in drawn(long, 2).standalone() and "…" not in drawn(long, 4).standalone()


def test_published_points_carry_study_n_era_treatment_and_source() -> None:
    text = FIGURES["compare-1"].standalone().replace("\N{NO-BREAK SPACE}", " ")
    for said in ("Published: Interfant-99, high risk", "n = 61", "1999-2005", "chemotherapy", "source pieters-2007"):
        assert said in text
    assert text.count('class="published') == 3


def test_a_hidden_count_is_called_hidden_in_the_heat_map() -> None:
    cross = results.stratify().crosses[0]
    figure = cross_figure(replace(cross, counts={**cross.counts, ("HR", "HR"): -1}), name="x")
    assert ">hidden<" in figure.standalone() and ": -1" not in figure.desc
